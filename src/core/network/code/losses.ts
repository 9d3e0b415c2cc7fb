import type { LossId } from '../losses'
import { LOSS_CLIP } from '../losses'
import type { OutputId } from '../outputs'
import type { Lines } from './python'

/** The mean loss of logits; labels are whole numbers, with a sigmoid output 0 and 1. */
interface Written {
  readonly expression: string
  readonly helper?: Lines
}

type InLibrary = Readonly<Record<'keras' | 'pytorch', Written>>

const CLIP = `${LOSS_CLIP}, 1 - ${LOSS_CLIP}`

const EXACT_SIGMOID: InLibrary = {
  keras: { expression: 'keras.losses.BinaryCrossentropy(from_logits=True)' },
  pytorch: {
    expression: 'loss',
    helper: [
      'def loss(logits, y):',
      '    return F.binary_cross_entropy_with_logits(logits[:, 0], y.float())'
    ]
  }
}

const CLIPPED_SIGMOID: InLibrary = {
  keras: {
    expression: 'clipped_loss',
    helper: [
      'def clipped_loss(y, logits):',
      `    # no gradient where the label's probability is outside [${CLIP}]`,
      '    y = keras.ops.cast(keras.ops.reshape(y, (-1, 1)), "float32")',
      '    p = keras.ops.sigmoid((2 * y - 1) * logits)',
      `    return -keras.ops.log(keras.ops.clip(p, ${CLIP}))`
    ]
  },
  pytorch: {
    expression: 'loss',
    helper: [
      'def loss(logits, y):',
      `    # no gradient where the label's probability is outside [${CLIP}]`,
      '    p = torch.sigmoid((2 * y - 1) * logits[:, 0])',
      `    return -p.clamp(${CLIP}).log().mean()`
    ]
  }
}

export const LOSS_CODE: Readonly<Record<LossId, Readonly<Record<OutputId, InLibrary>>>> = {
  exact: {
    softmax: {
      keras: { expression: 'keras.losses.SparseCategoricalCrossentropy(from_logits=True)' },
      pytorch: { expression: 'F.cross_entropy' }
    },
    sigmoid: EXACT_SIGMOID
  },
  clipped: {
    softmax: {
      keras: {
        expression: 'clipped_loss',
        helper: [
          'def clipped_loss(y, logits):',
          `    # no gradient where the label's probability is outside [${CLIP}]`,
          '    y = keras.ops.cast(keras.ops.reshape(y, (-1, 1)), "int32")',
          '    p = keras.ops.take_along_axis(keras.ops.softmax(logits), y, axis=1)',
          `    return -keras.ops.log(keras.ops.clip(p, ${CLIP}))`
        ]
      },
      pytorch: {
        expression: 'loss',
        helper: [
          'def loss(logits, y):',
          `    # no gradient where the label's probability is outside [${CLIP}]`,
          '    p = logits.softmax(1).gather(1, y[:, None])',
          `    return -p.clamp(${CLIP}).log().mean()`
        ]
      }
    },
    sigmoid: CLIPPED_SIGMOID
  },
  'clipped-2018': {
    softmax: {
      keras: {
        expression: 'clipped_loss',
        helper: [
          'def clipped_loss(y, logits):',
          `    # all probabilities held in [${CLIP}], then renormalised`,
          `    p = keras.ops.clip(keras.ops.softmax(logits), ${CLIP})`,
          '    return keras.losses.sparse_categorical_crossentropy(y, keras.ops.log(p), from_logits=True)'
        ]
      },
      pytorch: {
        expression: 'loss',
        helper: [
          'def loss(logits, y):',
          `    # all probabilities held in [${CLIP}], then renormalised`,
          `    return F.cross_entropy(logits.softmax(1).clamp(${CLIP}).log(), y)`
        ]
      }
    },
    sigmoid: CLIPPED_SIGMOID
  }
}
