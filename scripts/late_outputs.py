"""Executes notebooks as nbconvert does, and waits for outputs that come late.

Deno's kernel says that a cell is done through one queue and sends what it printed through another, so the last line of a cell
may come after its end. nbconvert drops it then; here it is taken in.
"""

from contextlib import suppress
from queue import Empty

from nbconvert.preprocessors import ExecutePreprocessor

# How long an output may come after the end of its cell, in seconds.
LATE = 0.25


class ExecuteWithLateOutputs(ExecutePreprocessor):
    """Goes on listening after the end of a cell until nothing has come for a moment."""

    async def _async_poll_output_msg(self, parent_msg_id, cell, cell_index):
        await super()._async_poll_output_msg(parent_msg_id, cell, cell_index)
        with suppress(Empty):
            while True:
                message = await self.kc.iopub_channel.get_msg(timeout=LATE)
                if message["parent_header"].get("msg_id") == parent_msg_id:
                    self.process_message(message, cell, cell_index)
