"""How files of records are compressed, in TensorFlow's words."""

from __future__ import annotations

from typing import Any

from defrun.base.records import Compression


class TFRecordCompressionType:
    """The kinds of compression by number."""

    NONE = 0
    ZLIB = 1
    GZIP = 2


class TFRecordOptions:
    """How a file of records is compressed; what is None is zlib's default.

    Parameters
    ----------
    compression_type : str or int, optional
        "GZIP", "ZLIB", "", or one of `TFRecordCompressionType`.
    flush_mode, window_bits, compression_level, compression_method, mem_level, compression_strategy : int, optional
        As zlib takes them.
    input_buffer_size, output_buffer_size : int, optional
        Without effect.

    Raises
    ------
    ValueError
        If there is no such compression.
    """

    compression_type_map = {  # noqa: RUF012
        TFRecordCompressionType.ZLIB: "ZLIB",
        TFRecordCompressionType.GZIP: "GZIP",
        TFRecordCompressionType.NONE: "",
    }

    def __init__(
        self,
        compression_type: Any = None,
        flush_mode: int | None = None,
        input_buffer_size: int | None = None,
        output_buffer_size: int | None = None,
        window_bits: int | None = None,
        compression_level: int | None = None,
        compression_method: int | None = None,
        mem_level: int | None = None,
        compression_strategy: int | None = None,
    ) -> None:
        self.get_compression_type_string(compression_type)
        self.compression_type = compression_type
        self.flush_mode = flush_mode
        self.input_buffer_size = input_buffer_size
        self.output_buffer_size = output_buffer_size
        self.window_bits = window_bits
        self.compression_level = compression_level
        self.compression_method = compression_method
        self.mem_level = mem_level
        self.compression_strategy = compression_strategy

    @classmethod
    def get_compression_type_string(cls, options: Any) -> str:
        """Return "GZIP", "ZLIB" or "" for options, a number or a text. ValueError for anything else."""
        kind = options.compression_type if isinstance(options, TFRecordOptions) else options
        if not kind:
            return ""
        if kind in cls.compression_type_map:
            return cls.compression_type_map[kind]
        if kind in cls.compression_type_map.values():
            return kind
        raise ValueError(f'Not a valid compression_type: "{kind}"')


def compression_of(options: Any) -> Compression:
    """Return how to compress by options, a number or a text."""
    kind = TFRecordOptions.get_compression_type_string(options)
    if not isinstance(options, TFRecordOptions):
        return Compression(kind)
    given = {
        "window_bits": options.window_bits,
        "level": options.compression_level,
        "method": options.compression_method,
        "mem_level": options.mem_level,
        "strategy": options.compression_strategy,
        "flush_mode": options.flush_mode,
    }
    return Compression(kind, **{name: value for name, value in given.items() if value is not None})
