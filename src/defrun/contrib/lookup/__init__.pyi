"""`tf.contrib.lookup`: names, and nothing else. Written by tools/face.py."""

from defrun.contrib.lookup.tables import (
    HashTable as HashTable, index_table_from_tensor as index_table_from_tensor, index_to_string as index_to_string,
    index_to_string_table_from_tensor as index_to_string_table_from_tensor, string_to_index as string_to_index,
    string_to_index_table_from_file as string_to_index_table_from_file,
    string_to_index_table_from_tensor as string_to_index_table_from_tensor,
)
from defrun.lookup.buckets import (
    FastHashSpec as FastHashSpec, HasherSpec as HasherSpec, IdTableWithHashBuckets as IdTableWithHashBuckets,
    StrongHashSpec as StrongHashSpec,
)
from defrun.lookup.initializers import (
    KeyValueTensorInitializer as KeyValueTensorInitializer, TableInitializerBase as TableInitializerBase,
    TextFileIdTableInitializer as TextFileIdTableInitializer, TextFileIndex as TextFileIndex,
    TextFileInitializer as TextFileInitializer, TextFileStringTableInitializer as TextFileStringTableInitializer,
)
from defrun.lookup.mutable import DenseHashTable as MutableDenseHashTable, MutableHashTable as MutableHashTable
from defrun.lookup.tables import (
    InitializableLookupTableBase as InitializableLookupTableBase, LookupInterface as LookupInterface,
)
from defrun.lookup.vocabularies import (
    index_table_from_file as index_table_from_file, index_to_string_table_from_file as index_to_string_table_from_file,
)
