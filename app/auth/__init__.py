"""Who may come in: accounts, sessions, tokens, throttling, the gate. Nothing here knows a warehouse, and only `current` knows Streamlit."""
