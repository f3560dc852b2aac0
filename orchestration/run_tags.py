"""Names of the tags that our runs carry in Dagster."""

# Id of the process that makes the run: what a killed process cannot say itself.
PROCESS_TAG = "pulse/process"
CAMPAIGN_TAG = "pulse/campaign"
# What a run of the job may spend money at: to be filtered by in the list of runs.
SPENDS_TAG = "pulse/spends"
