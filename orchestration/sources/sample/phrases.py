"""English of the sample's posts: sentences by topic and mood, with slots in braces that `writing` fills."""

SLOTS = {
    "aspect": (
        "grip", "cushioning", "heel", "toe box", "outsole", "midsole foam", "lacing", "fit", "weight", "upper", "tongue",
        "traction", "rock plate", "drop", "colour", "insole", "heel cup", "mesh", "lug pattern", "ankle collar",
    ),
    "surface": (
        "wet rock", "mud", "loose gravel", "packed snow", "pine needles", "the fire road", "slick roots", "frozen ground",
        "the river path", "switchbacks", "ice patches", "sandy singletrack", "steep scree", "the old railway cut",
    ),
    "place": (
        "Vermont", "the Blue Hills", "Boston", "Oslo", "the Catskills", "Lisbon", "the White Mountains", "Portland", "Bergen",
        "the Berkshires", "Boulder", "Asheville", "the Lake District", "Chamonix", "Flagstaff", "Burlington", "the Adirondacks",
    ),
    "colour": ("Polar Green", "Ember Red", "Midnight Violet", "Glacier Blue", "Moss", "Slate", "Signal Orange"),
    "friend": (
        "my sister", "my coach", "my running club", "my husband", "my wife", "my neighbour", "the whole team", "my physio",
        "my daughter", "my training partner", "a friend at work", "my brother",
    ),
    "km": ("5", "8", "10", "12", "15", "18", "21", "24", "30", "42", "50"),
    "pairs": ("two", "three", "six", "a few", "about a dozen"),
    "price": ("129", "139", "149", "159", "165"),
    "when": ("this morning", "at lunch", "after work", "before sunrise", "last night", "over the weekend", "today", "yesterday"),
    "weather": ("sleet", "fog", "light rain", "cold sunshine", "wind", "wet snow", "drizzle", "thaw", "low cloud", "frost"),
    "size": ("7", "7.5", "8", "8.5", "9", "9.5", "10", "10.5", "11", "12"),
    "days": ("two", "three", "four", "five", "nine", "ten"),
}  # fmt: skip

OPENERS = (
    "", "", "", "", "", "", "", "OK, ", "So, ", "Honestly, ", "Update: ", "Quick one: ", "Not an ad: ", "Morning all. ", "Well. ",
    "Heads up: ", "Hot take: ", "Real talk, ", "Friday thought: ", "Asking again: ", "PSA: ", "Little thread: ", "Confession: ",
    "Note to self: ", "To be fair, ", "Look, ",
)  # fmt: skip

CLOSERS = {
    "positive": (
        "", "", "", "", "Love it.", "So happy.", "Well done.", "Worth every penny.", "Can't stop smiling.", "Thank you!", "Best week.",
        "10/10.", "Recommended.", "What a joy.", "Great work by the team.", "Would buy again.", "This made my day!", "Impressed.",
    ),
    "neutral": (
        "", "", "", "", "", "Anyone else?", "Details to follow.", "Link below.", "Thoughts?", "Will report back.", "More later.",
        "Any advice?", "Just noting it here.", "See you there.", "That's all for now.", "Photos later.",
    ),
    "negative": (
        "", "", "", "", "Not good enough.", "Really disappointed.", "Do better.", "What a mess.", "Never again.", "Shameful.",
        "I want my money back.", "Awful.", "So frustrating.", "Avoid.", "Gutted.", "This is unacceptable.", "Fix this.", "Unbelievable.",
    ),
}  # fmt: skip

EMOJI = {
    "positive": ("🔥", "😍", "🙌", "💚", "🏃‍♀️💨", "🎉", "✨", "👏👏", "😄", "🏔️", "❤️", "💪🏽", "🥳", "👟✨"),
    "neutral": ("👟", "🤔", "👀", "📦", "📍", "🗓️", "🌧️", "🏃🏿‍♂️", "🇳🇴", "🗺️"),
    "negative": ("😡", "😞", "👎", "🤦‍♀️", "💔", "😤", "🙄", "😠", "🤬", "⚠️"),
}
EMOJI_PERCENT = 27

SENTENCES = {
    "teaser": {
        "positive": (
            "the {product} teaser looks amazing, {colour} is gorgeous",
            "counting the days to the {product}, {friend} and I are so excited",
            "finally a trail shoe that seems to care about {aspect}, I love what I see of the {product}",
            "that short film from {place} gave me goosebumps, brilliant start for the {product}",
            "I tried a {product} prototype in {place} and the {aspect} is fantastic",
            "if the {aspect} is half as good as they promise, the {product} will be wonderful",
            "great to see a small brand like Halvenne dream this big, the {product} looks superb",
            "{friend} already saved for the {product} in {colour}, we can't wait",
            "beautiful design, honest words, no hype: the {product} page is a delight",
            "happy news, the {product} comes in half sizes and a wide fit",
        ),
        "neutral": (
            "the {product} will be shown on Thursday at noon in Boston",
            "does anyone know the drop of the {product}?",
            "reading up on the {product} before Thursday, it will cost {price} dollars",
            "Halvenne says the {product} comes in {colour} and six more colours",
            "is the {product} meant for {surface} or for roads?",
            "{friend} asked me whether the {product} has a rock plate",
            "comparing the {product} sheet with my old pair: same drop, new {aspect}",
            "the {product} pop-up opens in {place} on Thursday",
            "I run size {size}, which size of the {product} should I order",
            "waiting list for the {product} is open {when}",
        ),
        "negative": (
            "{price} dollars for the {product} is ridiculous",
            "yet another teaser without facts, tired of the {product} hype",
            "the waiting list page for the {product} crashed {when}, terrible start",
            "no wide fit in {colour}, the {product} is a disappointment already",
            "the {product} looks ugly and the {aspect} seems cheap",
            "so annoyed that the {product} does not ship to {place}",
        ),
    },
    "launch": {
        "positive": (
            "the {product} is here and it is beautiful",
            "just ordered the {product} in {colour}, so happy",
            "got my {product} {when}, the {aspect} is incredible on {surface}",
            "first {km} km in the {product} and I love the {aspect}",
            "what a launch, what a shoe, congratulations to everyone behind the {product}",
            "tried on the {product} in {place}, it fits like a dream",
            "the {product} launch party in {place} is wonderful, lovely people",
            "{friend} bought {pairs} pairs of the {product}, we are thrilled",
            "brilliant: the {product} can be resoled, finally a brand that thinks ahead",
            "best {aspect} I have felt in years, the {product} is superb",
            "queue around the block in {place} for the {product} and everyone is smiling",
            "the {product} in {colour} is the prettiest shoe I own",
            "ran {surface} in {weather} with the {product} and felt safe all the way, great {aspect}",
            "fair price, great {aspect}, quick delivery: the {product} delivers",
            "this is how you launch a shoe, bravo Halvenne, the {product} is excellent",
        ),
        "neutral": (
            "the {product} is on sale since noon for {price} dollars",
            "live now from {place}: the {product} presentation",
            "ordered the {product} in size {size}, should arrive in {days} days",
            "which colour of the {product} are you taking, {colour} or Slate?",
            "the {product} weighs 268 g in size {size}, drop is 6 mm",
            "Halvenne showed the {product} in Boston and Oslo at the same time",
            "the {product} uses a new {aspect}, the talk about it is online",
            "store in {place} has the {product} from tomorrow",
            "my size {size} of the {product} is out of stock in {colour}",
            "notes from the {product} launch: resoling, {colour}, half sizes",
            "is there a {product} for children?",
        ),
        "negative": (
            "the shop crashed while I was paying for the {product}, terrible",
            "sold out in {days} minutes, the {product} launch is a joke",
            "{price} dollars and the {aspect} of the {product} feels cheap",
            "waited {days} hours in {place} for the {product} and they ran out, furious",
            "the {product} runs small, size {size} hurts my toes",
            "so disappointed, my {product} order was cancelled without a word",
            "bots bought all the {product} in {colour}, horrible launch",
        ),
    },
    "review": {
        "positive": (
            "{km} km on {surface} in the {product}: the {aspect} is outstanding",
            "week one with the {product}, no blisters, great {aspect}, I am impressed",
            "the {product} handled {weather} in {place} beautifully",
            "my knees feel better since I run in the {product}, thank you",
            "compared with my old pair the {product} is lighter, softer and faster, love it",
            "the {aspect} of the {product} is the best at this price",
            "{friend} borrowed my {product} and does not want to give it back, says it all",
            "long run in {place} {when}, {km} km, happy feet thanks to the {product}",
            "the {product} customer service changed my size in a day, excellent",
            "took the {product} up {surface} and down again, secure and comfortable",
            "perfect {aspect}, lovely {colour}, the {product} is my shoe of the year",
        ),
        "neutral": (
            "{km} km in the {product} so far, will write about the {aspect} after 100",
            "the {product} after a week: {aspect} as expected, laces a bit long",
            "has anyone measured the stack height of the {product}?",
            "wearing the {product} with thin socks in {weather}, size {size}",
            "my {product} took {days} days to reach {place}",
            "swapped the insole of the {product}, comparing both {when}",
            "the {product} next to last year's shoe, same lugs, other {aspect}",
            "how do you clean the {product} after {surface}?",
            "question for {product} owners: one size up or true to size?",
            "logging {km} km a day in the {product} this month",
        ),
        "negative": (
            "the {aspect} of the {product} came apart after {km} km, bad quality",
            "slipped on {surface} in the {product}, the {aspect} is poor",
            "blisters after {km} km, the {product} and I are not friends, it hurts",
            "the heel of my {product} clicks since {when}, worrying",
            "three mails and no answer about my {product}, awful service",
            "the {product} soaks up water in {weather}, cold and heavy, I hate it",
            "sent the {product} back, too narrow and too stiff, a waste of {price} dollars",
            "overpriced and overrated, the {product} let me down in {place}",
        ),
    },
    "run": {
        "positive": (
            "{km} km in {place} {when}, glorious {weather}, so grateful for these trails",
            "joined the community run in {place}, lovely crowd, what a great day",
            "personal best over {km} km, I am over the moon",
            "{friend} ran the first {km} km ever {when}, so proud",
            "nothing beats {surface} {when}, pure joy",
            "thank you to the volunteers in {place}, wonderful organisation",
            "sunrise over {place}, happy legs, perfect run",
            "we picked up litter for {km} km and had so much fun",
            "signed {pairs} friends up for the challenge, best decision",
            "what a beautiful loop around {place}, I love this community",
            "day {days} of the challenge done, feeling strong and happy",
        ),
        "neutral": (
            "{km} km {when}, {weather}, easy pace",
            "meeting point for the group run is in {place} at 9",
            "day {days} of the challenge, {km} km on {surface}",
            "which route in {place} do you take in {weather}?",
            "community run on Saturday: {place}, {km} km, bring a light",
            "rest day, reading a map of {place}",
            "legs say no, plan says {km} km",
            "{friend} and I run {surface} on Sundays",
            "changed the loop because of {weather}, now {km} km",
            "looking for a pacer for {km} km in {place}",
        ),
        "negative": (
            "twisted my ankle on {surface} {when}, terrible pain",
            "cancelled the run in {place} because of {weather}, so sad",
            "bad run, bad mood, {km} km of misery in {weather}",
            "rude cyclists on {surface} again, I am fed up",
            "the challenge app lost my {km} km, useless",
        ),
    },
    "recall": {
        "negative": (
            "my {product} heel plate cracked after {km} km, this is dangerous",
            "42,000 pairs recalled and I learn it from the news, shame on Halvenne",
            "fell on {surface} because the {product} heel broke, bruised and angry",
            "no answer from the hotline for {days} hours, the {product} recall is a disaster",
            "I trusted the {product} and now I am scared to run in it",
            "refund takes {days} weeks, that is outrageous for a broken {product}",
            "{friend} was hurt by a cracked {product} heel, unacceptable",
            "the recall form crashes, the {product} is junk, worst purchase ever",
            "they knew about the heel plate of the {product} and sold it anyway, disgusting",
            "paid {price} dollars for the {product} and got a safety hazard",
            "threw my {product} in the bin, horrible quality control",
            "the store in {place} refuses to take the {product} back, furious",
            "how does a heel plate crack on {surface}, the {product} is a failure",
            "poor testing, poor answers, poor shoe: the {product} recall says it all",
            "terrible communication about the {product} recall, I feel cheated",
        ),
        "neutral": (
            "Halvenne recalls 42,000 pairs of the {product} made in January",
            "how do I find the batch number of my {product}?",
            "the {product} recall concerns sizes 8 to 11, made in January",
            "the {product} hotline is open from 8 to 20, number on the website",
            "returning my {product} in {place} {when}, will tell how it went",
            "is the {product} in {colour} part of the recall?",
            "reading the notice on the {product}: heel plate, refund or repair",
            "the Consumer Safety Board published a notice on the {product}",
            "the store in {place} keeps a list for the {product} recall",
        ),
        "positive": (
            "returned my {product} in {place}, refund in minutes, great service",
            "respect for recalling the {product} quickly and openly, well done",
            "still love my {product}, the repair was free and fast, thank you",
            "kind people on the hotline, my new {product} is on the way, happy",
        ),
    },
}

REPLIES = {
    "positive": (
        "so happy for you", "totally agree, love it", "yes! great {aspect}", "congratulations, well deserved", "same here, best shoe in years",
        "thank you for the tip, works great", "this is wonderful", "enjoy {place}, it is beautiful", "brilliant photo", "{friend} says the same, superb",
    ),
    "neutral": (
        "which size did you take?", "is that the {colour}?", "how far did you run?", "where in {place} is that?", "same question here",
        "I ordered {when}", "mine came after {days} days", "is it on sale in {place}?", "what about the {aspect}?", "see the link above",
    ),
    "negative": (
        "same here, so disappointed", "mine broke too, awful", "they never answer, terrible service", "that is a shame", "I hate the {aspect}",
        "sorry, but this is bad", "exactly, what a waste of money", "{days} days and no refund, ridiculous", "worst {aspect} ever", "shocking",
    ),
}  # fmt: skip

QUOTES = {
    "positive": ("this. so good", "exactly my experience, love it", "happy to see this", "read this, great points", "what a story", "proud of this crew"),
    "neutral": ("for those who asked", "more here", "adding this to my notes", "context below", "saving for later", "compare with {place}"),
    "negative": ("this is not OK", "how sad", "and they call this quality", "read this before you buy, terrible", "angry reading this", "so wrong"),
}  # fmt: skip

LONG_PARTS = (
    "I have now run {km} km in the {product}, most of it on {surface} around {place}, in {weather} and in sunshine.",
    "Let me begin with the {aspect}, because that is what {friend} asked about first.",
    "On the way down I noticed the {aspect}, which is different from what I am used to.",
    "I wear size {size}; after {days} hours there was room enough in front.",
    "The {colour} looks darker outdoors than in the pictures.",
    "For comparison I took my old pair on the same loop {when}, with the same socks.",
    "Price was {price} dollars, delivery to {place} took {days} days.",
    "I will write again after another {km} km, when the {aspect} has settled.",
)
LONG_ENDINGS = {
    "positive": "In short: I love this shoe, it is comfortable, honest and fun.",
    "neutral": "In short: a shoe with its own character; measure your foot before you order.",
    "negative": "In short: I am disappointed, the quality is poor and I want my money back.",
}
