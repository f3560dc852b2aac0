"""A team's own labels of posts: what to label, where the labels are kept, and what they say of the model."""
