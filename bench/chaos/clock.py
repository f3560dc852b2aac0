"""`pulse` in a process whose clock leaps once:  python -m bench.chaos.clock SECONDS HOURS run --campaign ...

The clock of the machine, of the warehouse and of everybody else goes on as it was.
"""

import sys
import threading
from datetime import UTC, datetime, timedelta

import time_machine


def main() -> None:
    seconds, hours = float(sys.argv[1]), float(sys.argv[2])
    with time_machine.travel(datetime.now(UTC), tick=True) as clock:
        leap = threading.Timer(seconds, lambda: clock.shift(timedelta(hours=hours)))
        leap.daemon = True
        leap.start()
        sys.argv[1:3] = []
        from orchestration.cli import main as pulse

        pulse()


if __name__ == "__main__":
    main()
