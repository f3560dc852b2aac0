import pytest

from orchestration import campaigns
from orchestration.campaigns import SAMPLE, Campaign, CampaignError
from orchestration.settings import Settings


def test_a_new_home_knows_the_sample(tmp_path):
    assert campaigns.load(Settings(home=tmp_path)) == [SAMPLE]


def test_what_is_saved_is_what_is_loaded(tmp_path):
    settings = Settings(home=tmp_path)
    mine = Campaign("mine", 'My "own", really', hashtags=("one", "zwei"), zone="Europe/Berlin", languages=("en", "de"), news_query='"A b" OR c')
    campaigns.save(settings, [SAMPLE, mine])
    assert campaigns.load(settings) == [SAMPLE, mine]


def test_hashtags_are_keys_however_they_are_written():
    assert campaigns.from_values({"campaign_id": "a", "name": "A", "hashtags": "#One, ＃TWO one"}).hashtags == ("one", "two")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("campaign_id,name\nA B,x\n", "line 2: 'A B' is no campaign id"),
        ("campaign_id,name\na,x\na,y\n", "line 3: the campaign a stands there twice"),
        ("campaign_id,name,zone\na,x,Mars\n", "no time zone"),
        ("campaign_id,name,start_day\na,x,soon\n", "line 2"),
        ("campaign_id,name,colour\na,x,red\n", "unknown columns colour"),
        ("campaign_id,name,start_day,end_day\na,x,2026-03-02,2026-03-01\n", "before it starts"),
        ("campaign_id,name,source\na,x,pigeon\n", "no tweet source"),
        ("campaign_id,name\na,\n", "line 2: campaign_id and name are needed"),
    ],
)
def test_a_mistake_in_the_file_is_said_with_its_line(text, said):
    with pytest.raises(CampaignError, match=said):
        campaigns.parse(text)


def test_an_unknown_campaign_names_the_known_ones():
    with pytest.raises(CampaignError, match="Known: sample.*pulse campaigns add other"):
        campaigns.find([SAMPLE], "other")
