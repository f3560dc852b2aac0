"""How each command of the pages is tried: in this order, in a home with the sample campaign, beside a stub of X."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Step:
    """A documented command. `instead` are words that its reader replaces; `typed` is what a person types.

    `ends` is the exit code. A command that goes on until Ctrl-C is stopped when it has said `until`. `says` is in what it prints.
    """

    documented: str
    instead: Mapping[str, str] = field(default_factory=dict)
    typed: str = ""
    ends: int = 0
    until: str | None = None
    says: str = ""


# Files that the test writes, and a folder beside the home.
IN_FOLDER = (
    "posts.csv", "labels.csv", "archive.jsonl", "tweets_compliance.jsonl", "users_compliance.jsonl",
    "/backups/pulse-2026-03-17",
)  # fmt: skip
# A model that another person trained: the shipped one in a folder of its own.
CANDIDATE = {"FOLDER": "{model}", "MODEL": "{model}", "aurora": "sample"}
PERSON = "vera@example.org"

STEPS = (
    Step("doctor"),
    Step("warehouse status", says="http://"),
    # Posts of a file.
    Step("campaigns add mine --name 'My campaign' --hashtags one,two --zone Europe/Berlin"),
    Step("campaigns list", says="mine"),
    Step("run --campaign mine --from 2023-04-03 --to 2023-04-08 --archive posts.csv"),
    Step("summary --campaign mine", says="My campaign"),
    Step("logs", says="capture"),
    Step("logs --run 0a1b2c --asset marts/tweets --json", {"0a1b2c": "{run}"}, says='"marts/tweets"'),
    Step("logs --follow", until="capture"),
    Step("metrics", says="pulse_"),
    # X.
    Step("x-stub --data archive.jsonl --clock 2023-04-05T00:00Z", {"x-stub": "x-stub --port {port}"}, until="PULSE_X_BASE_URL"),
    Step("""campaigns add mine --name 'My campaign' --query '#one OR "my product" -is:retweet' --zone Europe/Berlin""", {"mine": "of-x"}),
    Step("campaigns check"),
    Step("run --campaign mine --from 2026-11-20 --to 2026-11-21 --dry-run", {"mine": "of-x"}, says="USD"),
    Step("run --campaign ID --from DAY --to DAY --dry-run", {"ID": "of-x", "--from DAY": "--from 2026-11-20", "--to DAY": "--to 2026-11-21"}, says="USD"),
    Step("run --campaign mine --from 2026-11-20 --to 2026-11-21", {"mine": "of-x"}),
    Step("snapshots"),
    Step("campaigns add aurora --name Aurora --query '#aurora -is:nullcast' --source x_stream"),
    Step("stream rules --dry-run", says="1 rules would be added"),
    Step("stream run", until="The stream runs against"),
    Step("stream status", ends=3),
    Step("compliance apply tweets_compliance.jsonl", says="1 "),
    Step("compliance apply users_compliance.jsonl --subject users"),
    # Models.
    Step("models score FOLDER --campaign sample --from 2026-03-05 --to 2026-03-06", CANDIDATE),
    Step("models compare current FOLDER --campaign sample", CANDIDATE),
    Step("models score MODEL --campaign aurora", CANDIDATE | {"--campaign aurora": "--campaign sample --from 2026-03-05 --to 2026-03-06"}),
    Step("models compare current MODEL --campaign aurora", CANDIDATE),
    Step("models list", says="current"),
    Step("models drop MODEL", CANDIDATE),
    Step("label CAMPAIGN", {"CAMPAIGN": "sample"}, typed="q\n"),
    Step("label CAMPAIGN --as ann --posts 300", {"CAMPAIGN": "sample"}, typed="n\nu\np\nq\n", says="of 300"),
    Step("label CAMPAIGN --from labels.csv", {"CAMPAIGN": "sample"}),
    Step("label CAMPAIGN --apply", {"CAMPAIGN": "sample"}),
    Step("label CAMPAIGN --card", {"CAMPAIGN": "sample"}),
    # Figures and where they come from.
    Step("summary --campaign sample", says="158741"),
    Step("summary --campaign sample --publications"),
    Step("summary --campaign sample --as-of 2026-03-12", ends=1, says="published"),
    Step("trace --campaign sample --measure engagement --hashtag auroratrail --day 2026-03-05", says="equal"),
    Step("trace --campaign sample --measure engagement --day 2026-03-11 --posts 3", says="equal"),
    Step("trace --campaign sample --measure net_sentiment --all --format csv", says="contribution"),
    Step("trace --campaign sample --measure word --name aurora --format json", says='"measure": "word"'),
    Step("checksums"),
    Step("export --mart engagement_daily --campaign sample --from 2026-03-11 --to 2026-03-12"),
    Step("query 'select day, engagement, originals, coverage from marts.engagement_daily where campaign_id = '\"'\"'sample'\"'\"' and hashtag = '\"'\"'*'\"'\"' and day between"
         " '\"'\"'2026-03-02'\"'\"' and '\"'\"'2026-03-16'\"'\"' order by engagement desc limit 3'", says="158741"),
    # People.
    Step("users create ana@example.org --role admin", typed="a long walk in the rain\n"),
    Step("users invite vera@example.org --name 'Vera Lind' --campaigns sample", says="/invite/"),
    Step("users invite vera@example.org --campaigns sample", {PERSON: "other@example.org"}, says="/invite/"),
    Step("users grant vera@example.org mine"),
    Step("users grant vera@example.org other-campaign", {"other-campaign": "of-x"}),
    Step("users ungrant vera@example.org sample"),
    Step("users set-role vera@example.org analyst"),
    Step("users list", says=PERSON),
    Step("users sessions vera@example.org"),
    Step("users reset vera@example.org", says="/invite/"),
    Step("users revoke vera@example.org"),
    Step("users disable vera@example.org"),
    Step("users enable vera@example.org"),
    Step("users audit --last 20", says="grant"),
    Step("serve", until="The site: http"),
    # Alerts: of no channel, for none is set.
    Step("alerts list"),
    Step("alerts send"),
    Step("alerts test", says="not set up"),
    # Last: what was backed up is put back.
    Step("warehouse backup /backups/pulse-2026-03-17", says="Backed up"),
    Step("warehouse restore /backups/pulse-2026-03-17 --force", says="Restored"),
)  # fmt: skip

# Not here, and why. The first needs code that its reader writes; the second an account at Google, and has its own rehearsal.
ELSEWHERE = {
    "campaigns add mine --name Mine --hashtags one --zone UTC --source lines": "tests/sources",
    "run --campaign mine --from 2026-03-02 --to 2026-03-03 --source lines --archive posts.tsv": "tests/sources",
    "bigquery verify": "tests/bigquery_verify",
}
