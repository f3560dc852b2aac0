"""The real server on marts that are made up: two campaigns, each of whose posts names it.  python -m tests.auth.fake_site"""

import logging
import sys

from app import server
from app.queries import Marts
from tests.app.conftest import ANSWERS

CAMPAIGNS = {"alpha": "Alpha Walk", "bravo": "Bravo Run"}
TEXT = {"alpha": "A post about Alpha alone", "bravo": "A post about Bravo alone"}


def main() -> None:
    import pandas as pd

    def answer_of(question: str):
        def answer(self, *arguments):
            answer = dict(ANSWERS[question])
            if question == "campaigns":
                answer |= {"campaign_id": list(CAMPAIGNS), "name": list(CAMPAIGNS.values())}
            if question == "top_posts":
                answer["text"] = [TEXT[arguments[0]]]
            return pd.DataFrame(answer)

        return answer

    for question in ANSWERS:
        setattr(Marts, question, answer_of(question))
    logging.getLogger("pulse").setLevel(logging.INFO)
    server.main()


if __name__ == "__main__":
    sys.exit(main())
