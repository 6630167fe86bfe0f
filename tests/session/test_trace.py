"""What a run took, as `RunMetadata`, and as a timeline."""

from __future__ import annotations

import json

import numpy as np
import pytest

import defrun as tf
from defrun.session.timeline import Timeline

FULL = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE, output_partition_graphs=True)


@pytest.fixture
def traced():
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [2, 3], name="x")
        w = tf.Variable(tf.ones([3, 2]), name="w")
        with tf.name_scope("layer"):
            y = tf.nn.relu(tf.matmul(x, w, name="product"))
        lengths = tf.py_func(lambda v: np.float32(v.sum()), [y], tf.float32, name="on_host")
        summary = tf.summary.scalar("loss", lengths)
        sess.run(w.initializer)
        metadata = tf.RunMetadata()
        metadata.partition_graphs.add()
        sess.run([y, summary], {x: np.ones([2, 3])}, options=FULL, run_metadata=metadata)
        yield sess, x, y, metadata


def test_programs_and_nodes_of_the_host_are_timed(traced):
    _, _, _, metadata = traced
    nodes = {node.node_name: node for stats in metadata.step_stats.dev_stats for node in stats.node_stats}
    assert nodes["run_stage_0"].timeline_label == "run_stage_0 = XlaProgram(x)"
    for name in ("compile_stage_0", "run_stage_0", "on_host", "loss"):
        assert nodes[name].all_end_rel_nanos > 0
        assert nodes[name].all_start_nanos // 1000 == nodes[name].all_start_micros
    product = nodes["layer/product"]
    assert product.all_end_rel_nanos == 0 and product.all_start_nanos == nodes["run_stage_0"].all_start_nanos
    assert product.timeline_label == "layer/product = MatMul(x, w/read)"
    assert [dim.size for dim in product.output[0].tensor_description.shape.dim] == [2, 2]
    assert nodes["run_stage_0"].memory[0].total_bytes == 2 * 2 * 4
    starts = [nodes[name].all_start_nanos for name in ("compile_stage_0", "run_stage_0", "on_host", "loss")]
    assert starts == sorted(starts)
    assert all("/device:" in stats.device for stats in metadata.step_stats.dev_stats)


def test_the_graphs_that_ran(traced):
    _, _, _, metadata = traced
    names = {node.name for graph in metadata.partition_graphs for node in graph.node}
    assert {"w", "w/read", "layer/product", "on_host", "loss"} <= names and "w/Assign" not in names


def test_only_what_is_asked_for_is_told(traced):
    sess, x, y, metadata = traced
    feeds = {x: np.ones([2, 3])}
    sess.run(y, feeds, run_metadata=metadata)
    assert not metadata.ListFields()
    sess.run(y, feeds, options=tf.RunOptions(), run_metadata=metadata)
    assert not metadata.ListFields()
    sess.run(y, feeds, options=FULL)
    sess.make_callable(y, [x], accept_options=True)(np.ones([2, 3]), options=FULL, run_metadata=metadata)
    nodes = [node.node_name for stats in metadata.step_stats.dev_stats for node in stats.node_stats]
    assert "run_stage_0" in nodes and "compile_stage_0" not in nodes
    with pytest.raises(TypeError, match="RunOptions"):
        sess.run(y, feeds, options="all")
    with pytest.raises(TypeError, match="RunMetadata"):
        sess.run(y, feeds, options=FULL, run_metadata={})


def test_the_timeline_shows_what_took_time_and_what_it_took(traced):
    _, _, _, metadata = traced
    timeline = Timeline(metadata.step_stats)
    events = json.loads(timeline.generate_chrome_trace_format(show_memory=True))["traceEvents"]
    spans = {event["args"]["name"]: event for event in events if event["ph"] == "X"}
    assert {"compile_stage_0", "run_stage_0", "on_host", "loss"} <= spans.keys() and "layer/product" not in spans
    assert spans["loss"]["args"] == {"name": "loss", "op": "ScalarSummary", "input0": "loss/tags", "input1": "on_host"}
    assert spans["loss"]["dur"] >= 0 and spans["loss"]["cat"] == "Op"
    arrows = {event["name"] for event in events if event["ph"] == "s"}
    assert {"on_host", "layer/Relu"} <= arrows  # what a program made comes from the program
    processes = {event["args"]["name"] for event in events if event["ph"] == "M"}
    assert "Allocators" in processes and any(name.endswith("device:CPU:0 Compute") for name in processes)
    maximums = timeline.analyze_step_stats().allocator_maximums
    assert maximums["cpu"].num_bytes >= 2 * 2 * 4 and "run_stage_0" in maximums["cpu"].tensors


def test_stats_of_others_are_drawn_as_well():
    stats = tf.RunMetadata().step_stats
    for name, start in (("a", 0), ("b", 5), ("c", 20)):
        stats.dev_stats.add(device="/gpu:0") if not stats.dev_stats else None
        stats.dev_stats[0].node_stats.add(node_name=name, all_start_micros=start, all_end_rel_micros=10)
    events = json.loads(Timeline(stats).generate_chrome_trace_format(show_dataflow=False))["traceEvents"]
    assert [(e["args"]["name"], e["tid"]) for e in events if e["ph"] == "X"] == [("a", 0), ("b", 1), ("c", 0)]
