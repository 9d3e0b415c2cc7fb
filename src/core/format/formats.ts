import { CIFAR } from './cifar/format'
import { CSV } from './csv/format'
import type { Format } from './format'
import { GENERATED } from './generated/format'
import { HDF5 } from './hdf5/format'
import { IDX } from './idx/format'
import { IMAGE_FOLDER } from './image-folder/format'
import { NUMPY } from './numpy/format'
import { PARQUET } from './parquet/format'
import { PICKLE } from './pickle/format'
import { SAFETENSORS } from './safetensors/format'
import { TFRECORD } from './tfrecord/format'

/** Every format, in the order in which lists name them. */
export const FORMATS: readonly Format[] = [
  IDX,
  NUMPY,
  HDF5,
  CIFAR,
  PICKLE,
  SAFETENSORS,
  TFRECORD,
  PARQUET,
  CSV,
  IMAGE_FOLDER,
  GENERATED
]
