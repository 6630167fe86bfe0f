"""Ops on checkpoints: tests/train/test_saver.py runs them."""

from tests.ops.sample import Sample, same

_ON_FILES = "SaveV2 RestoreV2 MergeV2Checkpoints Save SaveSlices Restore RestoreSlice"
NOT_CHECKED = same(f"{_ON_FILES} GenerateVocabRemapping LoadAndRemapMatrix", "works on files")
SAMPLES = {"ShardedFilename": Sample("a", 1, 2), "ShardedFilespec": Sample("a", 2)}
