{#-
  Function words by language, from spaCy's lists (MIT): they say nothing of a campaign. `rt`, `amp`, `via` are X's own.
  One literal a language: 2,000 literals took the local server 1.7 s to read.
-#}
{{ config(materialized='view') }}

{% set en -%}
'd 'll 'm 're 's 've about above across after afterwards again against all almost alone along already also although
always am among amongst amount amp an and another any anyhow anyone anything anyway anywhere are aren't around as at
back be became because become becomes becoming been before beforehand behind being below beside besides between beyond
both bottom but by ca call can can't cannot cant com could couldn't did didn't didnt do does doesn't doesnt doing
don't done dont down due during each eight either eleven else elsewhere empty enough even ever every everyone
everything everywhere except few fifteen fifty first five for former formerly forty four from front full further get
give go gonna had hadn't has hasn't have haven't having he he'd he'll he's hence her here here's hereafter hereby
herein hereupon hers herself him himself his how how's however http hundred i'd i'll i'm i've if im in indeed into is
isn't isnt it it's its itself ive just keep last latter latterly least less let's like made make many may me meanwhile
might mine more moreover most mostly move much must mustn't my myself n't name namely neither never nevertheless next
nine no nobody none noone nor not nothing now nowhere n‘t of off often on once one only onto or other others otherwise
ought our ours ourselves out over own part per perhaps please put quite rather re really regarding rt same say see
seem seemed seeming seems serious several shall shan't she she'd she'll she's should shouldn't show side since six
sixty so some somehow someone something sometime sometimes somewhere still such take ten than that that's thats the
their theirs them themselves then thence there there's thereafter thereby therefore therein thereupon these they
they'd they'll they're they've third this those though three through throughout thru thus to together too top toward
towards twelve twenty two under unless until up upon ur us used using various very via was wasn't we we'd we'll we're
we've well were weren't what what's whatever when when's whence whenever where where's whereafter whereas whereby
wherein whereupon wherever whether which while whither who who's whoever whole whom whose why why's will with within
without won't would wouldn't www yet you you'd you'll you're you've your youre yours yourself yourselves ‘d ‘ll ‘m ‘re
‘s ‘ve
{%- endset %}

{% set es -%}
acuerdo adelante ademas además afirmó agregó ahi ahora ahí al algo alguna algunas alguno algunos algún alli allí
alrededor ambos amp ante anterior antes apenas aproximadamente aquel aquella aquellas aquello aquellos aqui aquél
aquélla aquéllas aquéllos aquí arriba aseguró asi así atras aun aunque añadió aún bajo bastante bien breve buen buena
buenas bueno buenos cada casi cierta ciertas cierto ciertos cinco claro comentó como con conmigo conocer conseguimos
conseguir considera consideró consigo consigue consiguen consigues contigo contra creo cual cuales cualquier cuando
cuanta cuantas cuanto cuantos cuatro cuenta cuál cuáles cuándo cuánta cuántas cuánto cuántos cómo da dado dan dar de
debajo debe deben debido decir dejó del delante demasiado demás dentro deprisa desde despacio despues después detras
detrás dia dias dice dicen dicho dieron diez diferente diferentes dijeron dijo dio doce donde dos durante día días
dónde el ella ellas ello ellos embargo en encima encuentra enfrente enseguida entonces entre era eramos eran eras eres
es esa esas ese eso esos esta estaba estaban estado estados estais estamos estan estar estará estas este esto estos
estoy estuvo está están excepto existe existen explicó expresó fin final fue fuera fueron fui fuimos gran grande
grandes ha haber habia habla hablan habrá había habían hace haceis hacemos hacen hacer hacerlo haces hacia haciendo
hago han hasta hay haya he hecho hemos hicieron hizo hoy hubo igual incluso indicó informo informó ir junto la lado
largo las le les llegó lleva llevar lo los luego mal manera manifestó mas mayor me mediante medio mejor mencionó menos
menudo mi mia mias mientras mio mios mis misma mismas mismo mismos modo mucha muchas mucho muchos muy más mí mía mías
mío míos nada nadie ni ninguna ningunas ninguno ningunos ningún no nos nosotras nosotros nuestra nuestras nuestro
nuestros nueva nuevas nueve nuevo nuevos nunca ocho once os otra otras otro otros para parece parte partir pasada
pasado paìs peor pero pesar poca pocas poco pocos podeis podemos poder podria podriais podriamos podrian podrias podrá
podrán podría podrían poner por porque posible primer primera primero primeros pronto propia propias propio propios
proximo próximo próximos pudo pueda puede pueden puedo pues qeu que quedó queremos quien quienes quiere quiza quizas
quizá quizás quién quiénes qué realizado realizar realizó repente respecto rt sabe sabeis sabemos saben saber sabes
salvo se sea sean segun segunda segundo según seis ser sera será serán sería señaló si sido siempre siendo siete sigue
siguiente sin sino sobre sois sola solamente solas solo solos somos son soy su supuesto sus suya suyas suyo suyos sé
sí sólo tal tambien también tampoco tan tanto tarde te temprano tendrá tendrán teneis tenemos tener tenga tengo tenido
tenía tercera tercero ti tiene tienen toda todas todavia todavía todo todos total tras trata través tres tu tus tuvo
tuya tuyas tuyo tuyos tú ultimo un una unas uno unos usa usais usamos usan usar usas uso usted ustedes va vais vamos
van varias varios vaya veces ver verdad verdadera verdadero vez via vosotras vosotros voy vuestra vuestras vuestro
vuestros ya yo él ésa ésas ése ésos ésta éstas éste éstos última últimas último últimos
{%- endset %}

{% set de -%}
ab aber ach acht achte achten achter achtes ag alle allein allem allen aller allerdings alles allgemeinen als also am
amp an andere anderem anderen andern anders auch auf aus ausser ausserdem außer außerdem bald bei beide beiden beim
beispiel bekannt bereits besonders besser besten bin bis bisher bist da dabei dadurch dafür dagegen daher dahin
dahinter damals damit danach daneben dank dann daran darauf daraus darf darfst darin darum darunter darüber das dasein
daselbst dass dasselbe davon davor dazu dazwischen daß dein deine deinem deiner dem dementsprechend demgegenüber
demgemäss demgemäß demselben demzufolge den denen denn denselben der deren derjenige derjenigen dermassen dermaßen
derselbe derselben des deshalb desselben dessen deswegen dich die diejenige diejenigen dies diese dieselbe dieselben
diesem diesen dieser dieses dir doch dort drei drin dritte dritten dritter drittes du durch durchaus durfte durften
dürfen dürft eben ebenso ehrlich eigen eigene eigenen eigener eigenes ein einander eine einem einen einer eines einige
einigen einiger einiges einmal einmaleins elf en ende endlich entweder er erst erste ersten erster erstes es etwa
etwas euch früher fünf fünfte fünften fünfter fünftes für gab ganz ganze ganzen ganzer ganzes gar gedurft gegen
gegenüber gehabt gehen geht gekannt gekonnt gemacht gemocht gemusst genug gerade gern gesagt geschweige gewesen
gewollt geworden gibt ging gleich gross grosse grossen grosser grosses groß große großen großer großes gut gute guter
gutes habe haben habt hast hat hatte hatten heisst heißt her heute hier hin hinter hoch hätte hätten ich ihm ihn ihnen
ihr ihre ihrem ihren ihrer ihres im immer in indem infolgedessen ins irgend ist ja jahr jahre jahren je jede jedem
jeden jeder jedermann jedermanns jedoch jemand jemandem jemanden jene jenem jenen jener jenes jetzt kam kann kannst
kaum kein keine keinem keinen keiner kleine kleinen kleiner kleines kommen kommt konnte konnten kurz können könnt
könnte lang lange leicht leider lieber los machen macht machte mag magst man manche manchem manchen mancher manches
mehr mein meine meinem meinen meiner meines mich mir mit mittel mochte mochten morgen muss musst musste mussten muß
möchte mögen möglich mögt müssen müsst na nach nachdem nahm natürlich neben nein neue neuen neun neunte neunten
neunter neuntes nicht nichts nie niemand niemandem niemanden noch nun nur ob oben oder offen oft ohne recht rechte
rechten rechter rechtes richtig rt rund sagt sagte sah satt schlecht schon sechs sechste sechsten sechster sechstes
sehr sei seid seien sein seine seinem seinen seiner seines seit seitdem selbst sich sie sieben siebente siebenten
siebenter siebentes siebte siebten siebter siebtes sind so solang solche solchem solchen solcher solches soll sollen
sollte sollten sondern sonst sowie später statt tag tage tagen tat teil tel trotzdem tun uhr um und uns unser unsere
unserer unter vergangene vergangenen via viel viele vielem vielen vielleicht vier vierte vierten vierter viertes vom
von vor wahr wann war waren wart warum was wegen weil weit weiter weitere weiteren weiteres welche welchem welchen
welcher welches wem wen wenig wenige weniger weniges wenigstens wenn wer werde werden werdet wessen wie wieder will
willst wir wird wirklich wirst wo wohl wollen wollt wollte wollten worden wurde wurden während währenddem
währenddessen wäre würde würden zehn zehnte zehnten zehnter zehntes zeit zu zuerst zugleich zum zunächst zur zurück
zusammen zwanzig zwar zwei zweite zweiten zweiter zweites zwischen über überhaupt übrigens
{%- endset %}

{% set fr -%}
abord afin ah ai aie ainsi ait allaient allons alors amp anterieur anterieure anterieures antérieur antérieure
antérieures apres après as assez attendu au aupres auquel aura auraient aurait auront aussi autre autrement autres
autrui aux auxquelles auxquels avaient avais avait avant avec avoir avons ayant bas basee bat c' car ce ceci cela
celle celle-ci celle-la celle-là celles celles-ci celles-la celles-là celui celui-ci celui-la celui-là cent cependant
certain certaine certaines certains certes ces cet cette ceux ceux-ci ceux-là chacun chacune chaque chez ci cinq
cinquantaine cinquante cinquantième cinquième combien comme comment compris concernant d' da dans de debout dedans
dehors deja dejà delà depuis derriere derrière des desormais desquelles desquels dessous dessus deux deuxième
deuxièmement devant devers devra different differente differentes differents différent différente différentes
différents dire directe directement dit dite dits divers diverse diverses dix dix-huit dix-neuf dix-sept dixième doit
doivent donc dont douze douzième du duquel durant dès déja déjà désormais effet egalement eh elle elle-meme elle-même
elles elles-memes elles-mêmes en encore enfin entre envers environ es est et etaient etais etait etant etc etre eu eux
eux-mêmes exactement excepté facon fais faisaient faisant fait façon feront font gens ha hem hep hi ho hormis hors hou
houp hue hui huit huitième hé il ils importe j' je jusqu jusque juste l' la laisser laquelle le lequel les lesquelles
lesquels leur leurs longtemps lors lorsque lui lui-meme lui-même là lès m' ma maint maintenant mais malgre malgré me
meme memes merci mes mien mienne miennes miens mille moi moi-meme moi-même moindres moins mon même mêmes n' na ne
neanmoins neuvième ni nombreuses nombreux nos notamment notre nous nous-mêmes nouveau nul néanmoins nôtre nôtres on
ont onze onzième or ou ouias ouste outre ouvert ouverte ouverts où par parce parfois parle parlent parler parmi
partant pas pendant pense permet personne peu peut peuvent peux plus plusieurs plutot plutôt possible possibles pour
pourquoi pourrais pourrait pouvait prealable precisement premier première premièrement pres procedant proche près
préalable précisement pu puis puisque qu' quand quant quant-à-soi quarante quatorze quatre quatre-vingt quatrième
quatrièmement que quel quelconque quelle quelles quelqu'un quelque quelques quels qui quiconque quinze quoi quoique
relative relativement rend rendre restant reste restent retour revoici revoila revoilà rt s' sa sait sans sauf se
seize selon semblable semblaient semble semblent sent sept septième sera seraient serait seront ses seul seule
seulement seules seuls si sien sienne siennes siens sinon six sixième soi soi-meme soi-même soit soixante son sont
sous souvent specifique specifiques spécifique spécifiques stop suffisant suffisante suffit suis suit suivant suivante
suivantes suivants suivre sur surtout t' ta tant te tel telle tellement telles tels tenant tend tenir tente tes tien
tienne tiennes tiens toi toi-meme toi-même ton touchant toujours tous tout toute toutes treize trente tres trois
troisième troisièmement très tu té un une unes uns va vais vas vers via vingt voici voila voilà vont vos votre votres
vous vous-mêmes vu vé vôtre vôtres ça ès également étaient étais était étant être
{%- endset %}

{% set it -%}
abbastanza abbia abbiamo abbiano abbiate accidenti ad adesso affinche agl agli ahime ahimè ai al alcuna alcuni alcuno
all alla alle allo allora altri altrimenti altro altrove altrui amp anche ancora anni anno ansa anticipo assai attesa
attraverso avanti avemmo avendo avente aver avere averlo avesse avessero avessi avessimo aveste avesti avete aveva
avevamo avevano avevate avevi avevo avrai avranno avrebbe avrebbero avrei avremmo avremo avreste avresti avrete avrà
avrò avuta avute avuti avuto basta bene benissimo brava bravo c' casa caso cento certa certe certi certo che chi
chicchessia chiunque ci ciascuna ciascuno cima cio cioe circa citta città co codesta codesti codesto cogli coi col
colei coll coloro colui come cominci comunque con concernente conciliarsi conclusione consiglio contro cortesia cos
cosa cosi così cui d' da dagl dagli dai dal dall dall' dalla dalle dallo dappertutto davanti degl degli dei del dell
dell' della delle dello dentro detto deve di dice dietro dire dirimpetto diventa diventare diventato dopo dov dove
dovra dovrà dovunque due dunque durante ebbe ebbero ebbi ecc ecco ed effettivamente egli ella entrambi eppure era
erano eravamo eravate eri ero esempio esse essendo esser essere essi ex fa faccia facciamo facciano facciate faccio
facemmo facendo facesse facessero facessi facessimo faceste facesti faceva facevamo facevano facevate facevi facevo
fai fanno farai faranno fare farebbe farebbero farei faremmo faremo fareste faresti farete farà farò fatto favore fece
fecero feci fin finalmente finche fine fino forse forza fosse fossero fossi fossimo foste fosti fra frattempo fu fui
fummo fuori furono futuro generale gia giacche giorni giorno già gl' gli gliela gliele glieli glielo gliene governo
grande grazie gruppo ha haha hai hanno ho ieri il improvviso in inc infatti inoltre insieme intanto intorno invece io
l' la lasciato lato lavoro le lei li lo lontano loro lui lungo luogo là m' ma macche magari maggior mai male malgrado
malissimo mancanza marche me medesimo mediante meglio meno mentre mesi mezzo mi mia mie miei mila miliardi milioni
minimi ministro mio modo molti moltissimo molto momento mondo mosto nazionale ne negl negli nei nel nell nella nelle
nello nemmeno neppure nessun nessun' nessuna nessuno nient' niente no noi non nondimeno nonostante nonsia nostra
nostre nostri nostro novanta nove nulla nuovo od oggi ogni ognuna ognuno oltre oppure ora ore osi ossia ottanta otto
paese parecchi parecchie parecchio parte partendo peccato peggio per perche perché percio perciò perfino pero persino
persone però piedi pieno piglia piu piuttosto più po pochissimo poco poi poiche possa possedere posteriore posto
potrebbe preferibilmente presa press prima primo principalmente probabilmente proprio puo pure purtroppo può qualche
qualcosa qualcuna qualcuno quale quali qualunque quando quanta quante quanti quanto quantunque quasi quattro quel
quel' quella quelle quelli quello quest quest' questa queste questi questo qui quindi realmente recente recentemente
registrazione relativo riecco rt s' salvo sara sarai saranno sarebbe sarebbero sarei saremmo saremo sareste saresti
sarete saro sarà sarò scola scopo scorso se secondo seguente seguito sei sembra sembrare sembrato sembri sempre senza
sette si sia siamo siano siate siete sig solito solo soltanto sono sopra sotto spesso srl sta stai stando stanno
starai staranno starebbe starebbero starei staremmo staremo stareste staresti starete starà starò stata state stati
stato stava stavamo stavano stavate stavi stavo stemmo stessa stesse stessero stessi stessimo stesso steste stesti
stette stettero stetti stia stiamo stiano stiate sto su sua subito successivamente successivo sue sugl sugli sui sul
sull sulla sulle sullo suo suoi t' tale tali talvolta tanto te tempo ti titolo tra tranne tre trenta troppo trovato tu
tua tue tuo tuoi tutta tuttavia tutte tutti tutto uguali ulteriore ultimo un un' una uno uomo v' va vale vari varia
varie vario verso vi via vicino visto vita voi volta volte vostra vostre vostri vostro
{%- endset %}

{% set pt -%}
acerca ademais adeus agora ainda algo algumas alguns ali além ambas ambos amp antes ao aos apenas apoia apoio apontar
após aquela aquelas aquele aqueles aqui aquilo as assim através atrás até aí baixo bastante bem boa bom breve cada
caminho catorze cedo cento certamente certeza cima cinco coisa com como comprida comprido conhecida conhecido conselho
contra contudo corrente cuja cujo custa cá da daquela daquele dar das de debaixo demais dentro depois des desde dessa
desse desta deste deve devem deverá dez dezanove dezasseis dezassete dezoito diante direita disso diz dizem dizer do
dois dos doze duas dá dão ela elas ele eles em embora enquanto entre então era essa essas esse esses esta estado estar
estará estas estava este estes esteve estive estivemos estiveram estiveste estivestes estou está estás estão eu
eventual exemplo falta fará favor faz fazeis fazem fazemos fazer fazes fazia faço fez fim final foi fomos for fora
foram forma foste fostes fui geral grande grandes grupo inclusive iniciar inicio ir irá isso isto já lado lhe ligado
local logo longe lugar lá maior maioria maiorias mais mal mas me meio menor menos meses mesmo meu meus mil minha
minhas momento muito muitos máximo mês na nada naquela naquele nas nem nenhuma nessa nesse nesta neste no nos nossa
nossas nosso nossos nova novas nove novo novos num numa nunca nuns não nível nós número números obrigada obrigado
oitava oitavo oito onde ontem onze ora os ou outra outras outros para parece parte partir pegar pela pelas pelo pelos
perto pode podem poder poderá podia pois ponto pontos por porquanto porque porquê portanto porém posição possivelmente
posso possível pouca pouco povo primeira primeiro próprio próxima próximo puderam pôde põe põem quais qual qualquer
quando quanto quarta quarto quatro que quem quer querem quero questão quieta quieto quinta quinto quinze quê relação
rt sabe saber se segunda segundo sei seis sem sempre ser seria sete seu seus sexta sexto sim sistema sob sobre sois
somente somos sou sua suas são sétima sétimo só tais tal talvez também tanta tanto tarde te tem temos tempo tendes
tenho tens tentar tentaram tente tentei ter terceira terceiro teu teus teve tipo tive tivemos tiveram tiveste tivestes
toda todas todo todos treze três tu tua tuas tudo tão têm um uma umas uns usa usar vai vais valor veja vem vens ver
vez vezes via vinda vindo vinte você vocês vos vossa vossas vosso vossos vários vão vêm vós zero às área és último
{%- endset %}

{% set nl -%}
't aan aangaande aangezien achter achterna af afgelopen al aldus alhoewel alle allebei alleen allen alles als altijd
amp ander andere anderen anders anderzijds behalve beide beiden ben beneden bent bepaald beter betere betreffende bij
bijna bijvoorbeeld binnen binnenin boven bovenal bovendien bovenstaand buiten daar daarheen daarin daarna daarnet
daarom daarop dan dat de den der des deze dezelfde dezen die dien dikwijls dit doch doen doet door doorgaand doorgaans
dus echter een eens eerder eerst eerste eersten effe eigen elk elke en enige enkel enkele enz er erdoor etc even
eveneens evenwel ff gauw ge gedurende geen gegeven gehad geheel gekund geleden gelijk gemogen geven geweest gewoon
gewoonweg geworden gij haar had hadden hare heb hebben hebt heeft hele hem hen het hier hierbeneden hierboven hierin
hij hoe hoewel hun idd ieder iemand iets ik ikke ikzelf in indien inmiddels inz inzake is ja je jezelf jij jijzelf jou
jouw jouwe juist jullie kan klaar kon konden krachtens kunnen kunt lang later liet liever maar mag me mede meer
meesten men met mezelf mij mijn mijzelf min minder misschien mocht mochten moest moesten moet moeten mogelijk mogen na
naar nabij nadat net niet niets nog nogal nooit nr nu of om omdat omhoog omlaag omstreeks omtrent omver onder
ondertussen ongeveer ons onszelf onze ooit ook op opdat opnieuw opzij over overigens pas pp precies prof publ reeds
rond rondom rt sedert sinds sindsdien slechts sommige spoedig steeds tamelijk te tegen ten tenzij ter terwijl thans
tijdens toch toe toen tot totdat tussen uit uitgezonderd uw uwe uwen vaak van vanaf vandaan vanuit vanwege veel
veeleer verder verre vervolgens vgl via volgens voor vooraf vooral vooralsnog voorbij voordat voordien voorheen voorop
voort voorts vooruit vrij vroeg waar waarom wanneer want waren was wat we weer weg wegens weinig weinige wel weldra
welk welke welken werd werden wezen wie wiens wier wij wil wilde worden wordt zal ze zeer zei zeker zekere zelf zelfde
zelfs zich zichzelf zij zijn zijnde zijne zo zo'n zoals zodra zonder zou zouden zoveel zowat zulk zulke zulks zullen
zult ‘t
{%- endset %}

with by_language as (

    select 'en' as lang, word
    from unnest(split("{{ en.split() | join(' ') }}", ' ')) as word

    union all

    select 'es' as lang, word
    from unnest(split("{{ es.split() | join(' ') }}", ' ')) as word

    union all

    select 'de' as lang, word
    from unnest(split("{{ de.split() | join(' ') }}", ' ')) as word

    union all

    select 'fr' as lang, word
    from unnest(split("{{ fr.split() | join(' ') }}", ' ')) as word

    union all

    select 'it' as lang, word
    from unnest(split("{{ it.split() | join(' ') }}", ' ')) as word

    union all

    select 'pt' as lang, word
    from unnest(split("{{ pt.split() | join(' ') }}", ' ')) as word

    union all

    select 'nl' as lang, word
    from unnest(split("{{ nl.split() | join(' ') }}", ' ')) as word

)

select lang, word from by_language
