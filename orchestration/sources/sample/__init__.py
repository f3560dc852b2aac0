"""The sample campaign: invented posts and articles that we commit, their generator, and the source that reads them."""
