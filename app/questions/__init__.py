"""The site's questions by subject, as parameterised SQL on the marts. `app.queries.Marts` is all of them together."""
