"""What goes wrong with accounts; each message is made for people."""


class AuthError(Exception):
    """The message says what is wrong and what to do next."""


class Refused(AuthError):
    """Address and password do not fit, or the account is closed: which of them is never said."""


class Throttled(AuthError):
    """Too many attempts; `seconds` until the next one is looked at."""

    def __init__(self, seconds: int) -> None:
        minutes = -(-seconds // 60)
        wait = f"{minutes} minutes" if minutes > 1 else f"{seconds} seconds"
        super().__init__(f"Too many attempts. Wait {wait} and try again.")
        self.seconds = seconds
