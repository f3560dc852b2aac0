"""The invented news of the sample: what happened, told by invented publications. Cities and countries are real, no company is."""

from dataclasses import dataclass

PUBLICATIONS = {
    "Northway Post": "www.northwaypost.example",
    "Harbor Ledger": "harborledger.example",
    "Trailhead Weekly": "www.trailheadweekly.example",
    "Meridian Business Wire": "meridianwire.example",
    "Fjord Daily": "www.fjorddaily.example",
    "Citylight News": "citylight.example",
    "Commonwealth Herald": "www.commonwealthherald.example",
    "Retail Compass": "retailcompass.example",
    "Diario del Sendero": "www.diariodelsendero.example",
    "Bergblatt": "bergblatt.example",
}


@dataclass(frozen=True)
class Story:
    """`at` is day and time in UTC within March 2026; `organizations` and `places` are those named in title, description or content."""

    at: str
    publication: str
    title: str
    description: str | None
    content: str | None
    organizations: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    event: str | None = None
    language: str = "en"


LAUNCH = (
    Story("04T18:10", "Northway Post", "Halvenne Footwear to show its first trail shoe in Boston", "The small maker from Portland will present the Aurora Trail on Thursday, in Boston and Oslo at the same hour.", "Halvenne Footwear has kept the shoe secret for two years.", ("Halvenne Footwear",), ("Boston", "Oslo", "Portland")),
    Story("05T11:30", "Meridian Business Wire", "Halvenne bets on repair with new Aurora Trail", "Kestrel Ridge Capital, which owns a fifth of Halvenne Footwear, expects the shoe to double sales.", "Analysts at Kestrel Ridge Capital spoke in New York before the launch.", ("Kestrel Ridge Capital", "Halvenne Footwear"), ("New York",)),
    Story("05T17:20", "Northway Post", "Aurora Trail launched: light, loud and made to be resoled", "Halvenne Footwear opened its launch at noon in Boston, with a second stage in Oslo.", "Some 900 guests came to the old rope works in Boston. In Oslo the doors opened at six.", ("Halvenne Footwear",), ("Boston", "Oslo")),
    Story("05T17:45", "Trailhead Weekly", "First steps in the Aurora Trail", "We took the new shoe of Halvenne Footwear over wet rock near Boston. The grip is remarkable.", "The Open Trail Alliance lent us its test loop in Massachusetts.", ("Halvenne Footwear", "Open Trail Alliance"), ("Boston", "Massachusetts")),
    Story("05T18:05", "Citylight News", "Queues in Boston for a running shoe", "Hundreds waited at Brightmoor Sports for the Aurora Trail; the shop was sold out in an hour.", "Brightmoor Sports said more pairs would come to Boston on Friday.", ("Brightmoor Sports",), ("Boston",)),
    Story("05T18:40", "Fjord Daily", "Oslo celebrates a shoe named after the northern lights", "Halvenne Footwear lit the harbour of Oslo in green for the Aurora Trail.", "The city of Oslo had allowed the show until ten. Norway is the second market of the brand.", ("Halvenne Footwear",), ("Oslo", "Norway")),
    Story("05T19:15", "Meridian Business Wire", "Halvenne shop buckles under Aurora Trail orders", "Halvenne Footwear took more than 30,000 orders within the first hour, its chief executive said in Boston.", "The shop of Halvenne Footwear was unreachable for eleven minutes.", ("Halvenne Footwear",), ("Boston",)),
    Story("05T20:00", "Retail Compass", "Brightmoor Sports reports record day with Aurora Trail", "The chain sold more trail shoes on Thursday than in all of February, in Boston as in Burlington.", "Brightmoor Sports runs 64 stores in New England and Canada.", ("Brightmoor Sports",), ("Boston", "Burlington", "New England", "Canada")),
    Story("05T21:30", "Commonwealth Herald", "A shoe that can be repaired: what the Aurora Trail promises", "The Open Trail Alliance welcomes the resoling service; it will begin in Vermont and Norway.", "The Open Trail Alliance counts 300 clubs. Halvenne Footwear pays for the first resoling.", ("Open Trail Alliance", "Halvenne Footwear"), ("Vermont", "Norway")),
    Story("06T08:20", "Fjord Daily", "Halvenne brings the Aurora Trail to Germany and Japan", "After Boston and Oslo the shoe is on sale in Hamburg, Munich and Tokyo from today.", "Halvenne Footwear ships from Rotterdam to Europe and Asia.", ("Halvenne Footwear",), ("Boston", "Oslo", "Hamburg", "Munich", "Tokyo", "Germany", "Japan", "Rotterdam", "Europe", "Asia")),
    Story("06T13:00", "Harbor Ledger", "Portland maker Halvenne hires forty after Aurora Trail launch", "Halvenne Footwear adds a late shift to its workshop in Portland.", "The mayor of Portland visited Halvenne Footwear on Friday morning.", ("Halvenne Footwear",), ("Portland",)),
    Story("06T15:40", "Retail Compass", "Why the Aurora Trail sold out, and when it returns", "Brightmoor Sports expects 5,000 pairs next week; Halvenne Footwear blames the mild winter in Norway for the rush.", None, ("Brightmoor Sports", "Halvenne Footwear"), ("Norway",)),
)  # fmt: skip

RECALL = (
    Story("10T22:30", "Harbor Ledger", "Runners report cracked heels on Halvenne shoe", "Several owners of the Aurora Trail say the heel plate broke; Tarnwell Labs is testing pairs in Portland.", "Tarnwell Labs would not comment. Halvenne Footwear said it was looking into the reports.", ("Tarnwell Labs", "Halvenne Footwear"), ("Portland",)),
    Story("11T13:45", "Northway Post", "Halvenne recalls 42,000 pairs of the Aurora Trail", "The heel plate can crack, Halvenne Footwear said in Portland; the Consumer Safety Board advises runners to stop using the shoe.", "The Consumer Safety Board knows of 61 reports and nine injuries.", ("Halvenne Footwear", "Consumer Safety Board"), ("Portland",)),
    Story("11T14:05", "Meridian Business Wire", "Halvenne shares fall after Aurora Trail recall", "Kestrel Ridge Capital calls the recall of Halvenne Footwear painful but quick; the shares lost a fifth in New York.", "Trading of Halvenne Footwear was halted twice in New York.", ("Kestrel Ridge Capital", "Halvenne Footwear"), ("New York",)),
    Story("11T14:50", "Citylight News", "What owners of the Aurora Trail should do now", "The Consumer Safety Board lists the batches; Brightmoor Sports takes pairs back in Boston without a receipt.", "Brightmoor Sports opened a second counter in Boston at noon.", ("Consumer Safety Board", "Brightmoor Sports"), ("Boston",)),
    Story("11T15:30", "Harbor Ledger", "Faulty heel plates came from one plant, says Halvenne", "The parts of the Aurora Trail passed through Rotterdam in January; Nortrek Parcel stopped all deliveries.", "Nortrek Parcel holds 8,000 pairs in Rotterdam. Halvenne Footwear named no supplier.", ("Nortrek Parcel", "Halvenne Footwear"), ("Rotterdam",)),
    Story("11T16:20", "Trailhead Weekly", "Our test pair of the Aurora Trail cracked, too", "At kilometre 87 the heel went. Tarnwell Labs in Portland explains how the plate fails in the cold.", "Tarnwell Labs cooled the plates to minus ten degrees.", ("Tarnwell Labs",), ("Portland",)),
    Story("11T17:10", "Commonwealth Herald", "Consumer Safety Board warns of Aurora Trail heel plates", "The notice covers the United States and Canada; Halvenne Footwear offers refund or repair.", "The Consumer Safety Board asks runners in Massachusetts and Vermont to check the batch number.", ("Consumer Safety Board", "Halvenne Footwear"), ("United States", "Canada", "Massachusetts", "Vermont")),
    Story("11T18:00", "Fjord Daily", "Norway follows: Aurora Trail off the shelves in Oslo", "Halvenne Footwear recalls the shoe in Norway as well; shops in Oslo and Bergen put up notices.", "About 3,100 pairs were sold in Norway, said Halvenne Footwear.", ("Halvenne Footwear",), ("Norway", "Oslo", "Bergen")),
    Story("11T19:25", "Retail Compass", "Brightmoor Sports pulls the Aurora Trail from 64 stores", "The chain, which sold a third of all pairs, wants compensation from Halvenne Footwear.", "Brightmoor Sports will speak with Halvenne Footwear in Boston on Thursday.", ("Brightmoor Sports", "Halvenne Footwear"), ("Boston",)),
    Story("11T21:00", "Northway Post", "Hurt on the descent: runners tell of broken Aurora Trail heels", "Three runners from Portland and Burlington describe their falls; the Open Trail Alliance demands better tests.", "The Open Trail Alliance will suspend its seal for Halvenne Footwear.", ("Open Trail Alliance", "Halvenne Footwear"), ("Portland", "Burlington")),
    Story("12T09:40", "Fjord Daily", "Halvenne hotline overrun from Oslo to Hamburg", "Callers waited for hours after the recall of the Aurora Trail; Halvenne Footwear quadruples its staff.", "In Germany the hotline was down until noon, in Hamburg shops took the calls.", ("Halvenne Footwear",), ("Oslo", "Hamburg", "Germany")),
    Story("12T12:15", "Meridian Business Wire", "Recall may cost Halvenne 11 million dollars", "Kestrel Ridge Capital cuts its outlook for Halvenne Footwear; the Aurora Trail returns in May at the earliest.", "The figure excludes claims from Rotterdam and Hamburg.", ("Kestrel Ridge Capital", "Halvenne Footwear"), ("Rotterdam", "Hamburg")),
    Story("12T15:05", "Harbor Ledger", "Tarnwell Labs: cold made the heel plates brittle", "The laboratory in Portland presents its report on the Aurora Trail to the Consumer Safety Board.", "The Consumer Safety Board expects a new plate in April. Halvenne Footwear accepts the findings.", ("Tarnwell Labs", "Consumer Safety Board", "Halvenne Footwear"), ("Portland",)),
    Story("11T20:10", "Diario del Sendero", "Halvenne retira 42.000 pares de las Aurora Trail", "La placa del talón puede romperse; en Madrid y Ciudad de México las tiendas devuelven el dinero.", None, ("Halvenne",), ("Madrid", "Ciudad de México"), language="es"),
    Story("12T06:30", "Bergblatt", "Rückruf: Halvenne nimmt den Aurora Trail zurück", "Die Fersenplatte kann brechen. Händler in Hamburg und Innsbruck erstatten den Preis.", None, ("Halvenne",), ("Hamburg", "Innsbruck"), language="de"),
)  # fmt: skip

# Same story, another address: with tracking parameters, or a second time under another path.
COPIES = (
    ("Northway Post", "Halvenne recalls 42,000 pairs of the Aurora Trail", "tracking"),
    ("Northway Post", "Aurora Trail launched: light, loud and made to be resoled", "tracking"),
    ("Citylight News", "What owners of the Aurora Trail should do now", "path"),
)

QUIET = (
    Story("01T09:00", "Trailhead Weekly", "Ten spring trails within an hour of Boston", "From the Blue Hills to the coast: where the snow is gone.", None, (), ("Boston",)),
    Story("02T10:15", "Citylight News", "Boston repairs its river path", "The path along the river stays closed until Friday, the city of Boston says.", None, (), ("Boston",)),
    Story("02T16:40", "Meridian Business Wire", "Sporting goods makers expect a calm quarter", "Orders in New England are stable, says a survey by Brightmoor Sports.", None, ("Brightmoor Sports",), ("New England",)),
    Story("03T08:30", "Fjord Daily", "Aurora lights the sky over Bergen", "A solar storm made the aurora visible far south; photographers in Norway were delighted.", None, (), ("Bergen", "Norway")),
    Story("03T19:05", "Retail Compass", "Brightmoor Sports opens in Burlington", "The chain opens its 64th store in Vermont next week.", None, ("Brightmoor Sports",), ("Burlington", "Vermont")),
    Story("04T09:50", "Trailhead Weekly", "How to read a trail map", "A primer by the Open Trail Alliance.", None, ("Open Trail Alliance",)),
    Story("07T11:20", "Trailhead Weekly", "Mud season: five rules for runners in Vermont", "Stay on the middle of the path, says the Open Trail Alliance.", None, ("Open Trail Alliance",), ("Vermont",)),
    Story("07T18:30", "Citylight News", "Clocks go forward tonight in the United States", "An hour less of sleep, an hour more of light in the evening.", None, (), ("United States",)),
    Story("08T10:00", "Commonwealth Herald", "Volunteers clear storm damage in the Berkshires", "More than 200 people came to the hills of Massachusetts.", None, (), ("Berkshires", "Massachusetts")),
    Story("08T17:45", "Fjord Daily", "Winter returns to Norway", "Fresh snow closes roads between Oslo and Bergen.", None, (), ("Norway", "Oslo", "Bergen")),
    Story("09T07:40", "Meridian Business Wire", "Nortrek Parcel adds a night train from Rotterdam", "The carrier wants to bring parcels to Hamburg before breakfast.", None, ("Nortrek Parcel",), ("Rotterdam", "Hamburg")),
    Story("09T14:10", "Retail Compass", "Second-hand sport shoes find buyers", "Shops in Portland and Lisbon report growing demand.", None, (), ("Portland", "Lisbon")),
    Story("13T16:20", "Trailhead Weekly", "Blue Hills brace for a busy weekend", "Clubs expect a crowd and drizzle near Boston on Saturday.", None, (), ("Boston",)),
    Story("15T09:30", "Citylight News", "Boston marathon route gets new signs", "The city of Boston replaces 120 signs before April.", None, (), ("Boston",)),
    Story("16T08:00", "Fjord Daily", "Aurora season ends early in Norway", "Clouds keep the aurora hidden; guides in Bergen turn to hiking.", None, (), ("Norway", "Bergen")),
    Story("16T20:15", "Meridian Business Wire", "Oil price little changed", "Traders in London and New York wait for figures.", None, (), ("London", "New York")),
    Story("17T09:00", "Retail Compass", "Spring sale begins at Brightmoor Sports", "The chain lowers prices in Canada and New England.", None, ("Brightmoor Sports",), ("Canada", "New England")),
)  # fmt: skip

# Headlines as hostile or careless sites send them; they match the campaign's terms and fall on the day of the recall.
HOSTILE = (
    Story("11T15:55", "Citylight News", "<b>Aurora Trail</b> <script>alert('recall')</script> recall & more", "<p>Owners of the <a href=\"https://citylight.example\">Aurora Trail</a> &amp; friends</p>", "**bold** [link](javascript:alert(1)) =1+1"),
    Story("11T16:05", "Retail Compass", "Aurora Trail \u202erecall\u202c in\u200bvisible $\\frac{1}{2}$ :red[now]", "", None),
)  # fmt: skip
