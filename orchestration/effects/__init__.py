"""Did the campaign work: which days are judged (`series`), what comes out as rows (`judging`), what is read (`reading`).

The arithmetic is `ml_assets.effects`, imported when it is needed: NumPy has no place in every process of Dagster.
"""
