"""Answers in a log whose text asks to stop: they are opt-outs, also where the log calls them replies."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from policies.content.stop_requests import stop_request


def with_opt_outs(event: pa.DictionaryArray, text: pa.DictionaryArray) -> pa.DictionaryArray:
    """Return the events, ``unsubscribed`` in place of ``replied`` where the text is plainly a wish to stop."""
    if "replied" not in event.dictionary.to_pylist() or not len(text.dictionary):
        return event
    replied = pc.equal(event.dictionary_decode(), "replied").fill_null(False)
    written = pc.unique(text.dictionary_decode().filter(replied)).to_pylist()
    stops = pa.array([word for word in written if word is not None and stop_request(word) == "yes"], pa.string())
    asked = pc.and_(replied, pc.is_in(text.dictionary_decode(), value_set=stops))
    if not np.asarray(asked.to_numpy(zero_copy_only=False)).any():
        return event
    return pc.if_else(asked, "unsubscribed", event.dictionary_decode()).dictionary_encode()
