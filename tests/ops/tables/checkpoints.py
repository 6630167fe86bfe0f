"""Ops on checkpoints: tests/train/test_saver.py runs them."""

from tests.ops.sample import Sample, same

NOT_CHECKED = same("SaveV2 RestoreV2 MergeV2Checkpoints Save SaveSlices Restore RestoreSlice GenerateVocabRemapping LoadAndRemapMatrix",
                   "works on files")  # fmt: skip
SAMPLES = {"ShardedFilename": Sample("a", 1, 2), "ShardedFilespec": Sample("a", 2)}
