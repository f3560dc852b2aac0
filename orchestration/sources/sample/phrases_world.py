"""Spanish, German, French, Japanese and Arabic of the sample's posts: short sentences by mood; recall has its own."""

WORLD_SLOTS = {
    "es": {"place": ("Madrid", "Bilbao", "Ciudad de México", "Lima", "Granada", "Bogotá"), "n": ("5", "8", "12", "15", "21")},
    "de": {"place": ("Hamburg", "München", "Freiburg", "Zürich", "Innsbruck", "Leipzig"), "n": ("6", "10", "14", "18", "25")},
    "fr": {"place": ("Annecy", "Lyon", "Grenoble", "Montréal", "Chamonix", "Nantes"), "n": ("7", "9", "11", "16", "22")},
    "ja": {"place": ("東京", "長野", "高尾山", "京都", "札幌", "神戸"), "n": ("5", "8", "10", "15", "20")},
    "ar": {"place": ("دبي", "عمّان", "الرياض", "القاهرة", "مسقط", "بيروت"), "n": ("5", "7", "10", "12", "20")},
}

WORLD = {
    "es": {
        "positive": (
            "me encantan las {product}, {n} km por {place} y los pies felices",
            "qué maravilla de zapatillas, las {product} agarran de verdad",
            "por fin llegaron mis {product}, son preciosas",
            "gran carrera hoy en {place}, gracias a todos",
            "la mejor compra del año, las {product} son comodísimas",
        ),
        "neutral": (
            "¿alguien sabe si las {product} tallan grande?",
            "hoy {n} km suaves por {place} con las {product}",
            "las {product} salen a la venta también en {place}",
            "quedada en {place} el sábado, {n} km",
        ),
        "negative": (
            "las {product} me hicieron ampollas en {n} km, qué decepción",
            "carísimas las {product} y la suela resbala",
            "llevo {n} días esperando mis {product}, pésimo servicio",
        ),
        "recall": (
            "se rompió el talón de mis {product}, qué vergüenza",
            "retiran las {product} y nadie contesta al teléfono, fatal",
            "me caí en {place} por culpa de las {product}, estoy indignado",
            "¿dónde devuelvo las {product} en {place}?",
        ),
    },
    "de": {
        "positive": (
            "{n} km mit den {product} rund um {place}, einfach großartig",
            "die {product} sitzen perfekt, ich bin begeistert",
            "endlich da: meine {product}, wunderschöne Farbe",
            "toller Lauf heute in {place}, danke an alle Helfer",
            "bester Halt auf nassem Fels, die {product} überzeugen mich",
        ),
        "neutral": (
            "fallen die {product} eher klein aus?",
            "heute {n} km locker, {place}, Nieselregen",
            "die {product} gibt es ab Freitag auch in {place}",
            "Lauftreff am Samstag in {place}, {n} km",
        ),
        "negative": (
            "Blasen nach {n} km, die {product} sind eine Enttäuschung",
            "die {product} sind überteuert und rutschig, schade",
            "seit {n} Tagen keine Antwort zu meinen {product}, schlechter Service",
        ),
        "recall": (
            "Fersenplatte gebrochen, die {product} sind gefährlich",
            "Rückruf der {product} und die Hotline ist tot, unverschämt",
            "in {place} gestürzt wegen der {product}, ich bin wütend",
            "wo finde ich die Chargennummer meiner {product}?",
        ),
    },
    "fr": {
        "positive": (
            "{n} km avec les {product} autour de {place}, quel bonheur",
            "les {product} sont magnifiques et tellement confortables",
            "superbe sortie à {place}, merci à toute l'équipe",
            "enfin reçu mes {product}, je suis ravie",
        ),
        "neutral": (
            "les {product} taillent comment, normal ou petit ?",
            "sortie tranquille de {n} km à {place}",
            "les {product} arrivent en magasin à {place}",
            "rendez-vous samedi à {place} pour {n} km",
        ),
        "negative": (
            "des ampoules après {n} km, les {product} me déçoivent",
            "trop chères et trop rigides, ces {product}",
            "toujours pas livré après {n} jours, service lamentable",
        ),
        "recall": (
            "le talon de mes {product} a cassé, c'est honteux",
            "rappel des {product} et personne ne répond, inadmissible",
            "comment renvoyer mes {product} depuis {place} ?",
            "j'ai chuté à {place} à cause des {product}, furieux",
        ),
    },
    "ja": {
        "positive": (
            "{product}で{place}を{n}km走った。最高に気持ちいい",
            "{product}届いた!色がとてもきれい",
            "グリップが素晴らしい。{product}買ってよかった",
            "今日の{place}は快晴、楽しいランでした",
        ),
        "neutral": (
            "{product}のサイズ感はどうですか",
            "{place}で{n}km、ゆっくりジョグ",
            "{product}は{place}の店でも買えるそうです",
            "土曜日は{place}に集合、{n}kmの予定",
        ),
        "negative": (
            "{product}で靴ずれ、{n}kmで痛くなった。残念",
            "{product}は高すぎるし滑る",
            "注文から{n}日たっても届かない。ひどい",
        ),
        "recall": (
            "{product}のかかとが割れた。危ないし腹が立つ",
            "{product}のリコール、電話がつながらない。最悪",
            "{product}の返品は{place}でできますか",
        ),
    },
    "ar": {
        "positive": (
            "ركضت {n} كم في {place} بحذاء {product} وكان رائعا",
            "وصل حذاء {product} أخيرا، لونه جميل جدا",
            "شكرا لكل المتطوعين في {place}، يوم جميل",
            "أفضل حذاء جربته هذا العام {product}",
        ),
        "neutral": (
            "هل مقاس {product} صغير؟",
            "اليوم {n} كم خفيفة في {place}",
            "حذاء {product} متوفر الآن في {place}",
        ),
        "negative": (
            "حذاء {product} غال جدا وسيئ على الصخور",
            "انتظر الطلب منذ {n} أيام، خدمة سيئة",
        ),
        "recall": (
            "انكسر كعب حذاء {product}، أمر خطير ومخيب",
            "سحب {product} من الأسواق ولا أحد يجيب، مؤسف",
            "كيف أعيد حذاء {product} في {place}؟",
        ),
    },
}
# Of the recall sentences, those that only ask are neutral; all others are negative.
RECALL_QUESTIONS = ("?", "؟", "ますか")
