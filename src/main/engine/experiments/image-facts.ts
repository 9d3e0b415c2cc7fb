import { featuresOf } from '../../../core/dataset/dataset'
import { runLabels } from '../../../core/dataset/draw'
import { rangeOf } from '../../../core/preprocessing/fitting'
import { featureMoments } from '../../../core/statistics/moments'
import { BRIGHT_PARTS } from '../../../core/study/experiment'
import type { ImageFacts, TrainingImages } from '../../../core/study/experiment'
import { encodePredictions, MAX_PREDICTIONS } from '../../../core/study/predictions'
import { readLabels } from '../../data/labels'
import type { OpenSet } from '../dataset/open-set'
import { rowsOf } from '../dataset/fit-rows'
import { eachSlice, SLICE_VALUES } from '../../statistics/slices'

/** What claims about single pixels and single images are judged by; counted once. */
export function imageFacts(set: OpenSet, images: TrainingImages): Promise<ImageFacts> {
  return set.remember(`image facts ${JSON.stringify(images)}`, async () => {
    const dataset = await set.trainingSet()
    const summary = await set.trainingSummary(images)
    const { height, width, channels } = dataset
    const { max } = rangeOf(summary)
    const facts: ImageFacts = {
      ...{ height, width, channels, brightAbove: max / 2 },
      pixelMeans: Array.from(featureMoments(summary).mean, (mean) => Number(mean.toPrecision(5)))
    }
    const rows = await rowsOf(dataset, 'test', { classes: images.classes })
    if (rows.length === 0 || rows.length > MAX_PREDICTIONS) return facts
    const features = featuresOf(dataset)
    const bright = new Int32Array(rows.length)
    let at = 0
    await eachSlice(dataset, 'test', rows, SLICE_VALUES / features, (pixels, count) => {
      for (let image = 0; image < count; image++) {
        let above = 0
        for (let f = image * features; f < (image + 1) * features; f++) {
          if (pixels[f]! > facts.brightAbove) above++
        }
        bright[at++] = Math.round((BRIGHT_PARTS * above) / features)
      }
    })
    const labels = runLabels(await readLabels(dataset, 'test'), rows, images.classes)
    return {
      ...facts,
      testLabels: encodePredictions(labels),
      testBright: encodePredictions(bright)
    }
  })
}
