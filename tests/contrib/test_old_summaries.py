"""tf.contrib.deprecated's summaries make the nodes that TensorFlow 1.15.5 makes."""

from __future__ import annotations

import defrun as tf

NODES = [
    ("ScalarSummary", "ScalarSummary", ["ScalarSummary/tags", "ScalarSummary/values"]),
    ("n", "ScalarSummary", ["n/tags", "n/values"]),
    ("HistogramSummary", "HistogramSummary", ["HistogramSummary/tag", "HistogramSummary/values"]),
    ("ImageSummary", "ImageSummary", ["ImageSummary/tag", "zeros"]),
    ("AudioSummary", "AudioSummaryV2", ["AudioSummary/tag", "zeros_1", "AudioSummary/sample_rate"]),
]


def test_nodes_and_values():
    old = tf.contrib.deprecated
    with tf.Graph().as_default() as graph:
        old.scalar_summary("a tag", 1.0)
        old.scalar_summary(["x", "y"], [1.0, 2.0], name="n")
        old.histogram_summary("h", [1.0])
        old.image_summary("i", tf.zeros([1, 2, 2, 1]))
        old.audio_summary("au", tf.zeros([1, 3]), 100.0)
        merged = old.merge_summary(tf.get_collection("summaries"))
        made = [(op.name, op.type, [t.op.name for t in op.inputs]) for op in graph.get_operations() if op.inputs]
        assert made == [*NODES, ("MergeSummary/MergeSummary", "MergeSummary", [name for name, _, _ in NODES])]
        with tf.Session() as sess:
            tags = [value.tag for value in tf.Summary.FromString(sess.run(merged)).value]
        assert tags == ["a tag", "x", "y", "h", "i/image/0", "au/audio/0"]
        assert old.merge_all_summaries().op.type == "MergeSummary"
        assert old.merge_all_summaries("none") is None
