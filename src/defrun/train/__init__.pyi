"""`tf.train`: names, and nothing else. Written by tools/face.py."""

from defrun.base.messages import (
    BytesList as BytesList, Example as Example, Feature as Feature, FeatureList as FeatureList,
    FeatureLists as FeatureLists, Features as Features, FloatList as FloatList, Int64List as Int64List,
    SequenceExample as SequenceExample,
)
from defrun.files.graphs import write_graph as write_graph
from defrun.summary.event_file import summary_iterator as summary_iterator
from defrun.train import queue_runner as queue_runner
from defrun.train.adadelta import AdadeltaOptimizer as AdadeltaOptimizer
from defrun.train.adagrad import AdagradDAOptimizer as AdagradDAOptimizer, AdagradOptimizer as AdagradOptimizer
from defrun.train.adam import AdamOptimizer as AdamOptimizer
from defrun.train.checkpoint import Checkpoint as Checkpoint
from defrun.train.checkpoint_management import (
    checkpoint_exists as checkpoint_exists, generate_checkpoint_state_proto as generate_checkpoint_state_proto,
    get_checkpoint_mtimes as get_checkpoint_mtimes, get_checkpoint_state as get_checkpoint_state,
    latest_checkpoint as latest_checkpoint, remove_checkpoint as remove_checkpoint,
    update_checkpoint_state as update_checkpoint_state,
)
from defrun.train.checkpoint_manager import CheckpointManager as CheckpointManager
from defrun.train.checkpoint_reader import NewCheckpointReader as NewCheckpointReader
from defrun.train.checkpoint_utils import (
    checkpoints_iterator as checkpoints_iterator, init_from_checkpoint as init_from_checkpoint,
    list_variables as list_variables, load_checkpoint as load_checkpoint, load_variable as load_variable,
)
from defrun.train.coordinator import Coordinator as Coordinator, LooperThread as LooperThread
from defrun.train.device_setter import replica_device_setter as replica_device_setter
from defrun.train.ftrl import FtrlOptimizer as FtrlOptimizer
from defrun.train.global_step import (
    assert_global_step as assert_global_step, create_global_step as create_global_step,
    get_global_step as get_global_step, get_or_create_global_step as get_or_create_global_step,
    global_step as global_step,
)
from defrun.train.gradient_descent import GradientDescentOptimizer as GradientDescentOptimizer
from defrun.train.input import (
    batch as batch, batch_join as batch_join, input_producer as input_producer, limit_epochs as limit_epochs,
    range_input_producer as range_input_producer, shuffle_batch as shuffle_batch,
    shuffle_batch_join as shuffle_batch_join, slice_input_producer as slice_input_producer,
    string_input_producer as string_input_producer,
)
from defrun.train.learning_rate_decay import (
    cosine_decay as cosine_decay, cosine_decay_restarts as cosine_decay_restarts,
    exponential_decay as exponential_decay, inverse_time_decay as inverse_time_decay,
    linear_cosine_decay as linear_cosine_decay, natural_exp_decay as natural_exp_decay,
    noisy_linear_cosine_decay as noisy_linear_cosine_decay, piecewise_constant as piecewise_constant,
    piecewise_constant as piecewise_constant_decay, polynomial_decay as polynomial_decay,
)
from defrun.train.match_filenames import match_filenames_once as match_filenames_once
from defrun.train.meta_graph import export_meta_graph as export_meta_graph
from defrun.train.meta_import import import_meta_graph as import_meta_graph
from defrun.train.momentum import MomentumOptimizer as MomentumOptimizer
from defrun.train.moving_averages import ExponentialMovingAverage as ExponentialMovingAverage
from defrun.train.optimizer import Optimizer as Optimizer
from defrun.train.proximal import (
    ProximalAdagradOptimizer as ProximalAdagradOptimizer,
    ProximalGradientDescentOptimizer as ProximalGradientDescentOptimizer,
)
from defrun.train.queue_runners import (
    QueueRunner as QueueRunner, add_queue_runner as add_queue_runner, start_queue_runners as start_queue_runners,
)
from defrun.train.rmsprop import RMSPropOptimizer as RMSPropOptimizer
from defrun.train.saver import Saver as Saver
from defrun.train.warm_starting import VocabInfo as VocabInfo, warm_start as warm_start
from tensorboard.compat.proto.cluster_pb2 import ClusterDef as ClusterDef, JobDef as JobDef
from tensorboard.compat.proto.saver_pb2 import SaverDef as SaverDef
