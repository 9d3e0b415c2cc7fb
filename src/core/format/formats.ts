import { CIFAR } from './cifar/format'
import { CSV } from './csv/format'
import type { Format } from './format'
import { GENERATED } from './generated/format'
import { IDX } from './idx/format'
import { IMAGE_FOLDER } from './image-folder/format'
import { NUMPY } from './numpy/format'
import { PICKLE } from './pickle/format'
import { SAFETENSORS } from './safetensors/format'

/** Every format, in the order in which lists name them. */
export const FORMATS: readonly Format[] = [
  IDX,
  NUMPY,
  CIFAR,
  PICKLE,
  SAFETENSORS,
  CSV,
  IMAGE_FOLDER,
  GENERATED
]
