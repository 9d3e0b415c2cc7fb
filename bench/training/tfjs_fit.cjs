// Trains 784-128-10 (relu, softmax, Adam) with model.fit of tfjs-node on Fashion-MNIST and prints images/s of
// every epoch after the first. Usage: tfjs_fit.cjs FASHION_MNIST_FOLDER EPOCHS BATCH IMAGES
const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const { gunzipSync } = require('node:zlib')
const tf = require('@tensorflow/tfjs-node')

const [folder, epochs, batchSize, count] = process.argv
  .slice(2)
  .map((word, at) => (at ? Number(word) : word))
const bytes = (name, header) => gunzipSync(readFileSync(join(folder, name))).subarray(header)

async function main() {
  const pixels = Float32Array.from(bytes('train-images-idx3-ubyte.gz', 16).subarray(0, count * 784))
  const images = tf.tensor2d(
    pixels.map((value) => value / 255),
    [count, 784]
  )
  const classes = Int32Array.from(bytes('train-labels-idx1-ubyte.gz', 8).subarray(0, count))
  const labels = tf.oneHot(tf.tensor1d(classes, 'int32'), 10).toFloat()
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [784], units: 128, activation: 'relu' }),
      tf.layers.dense({ units: 10, activation: 'softmax' })
    ]
  })
  model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] })
  const rates = []
  let began = 0
  const history = await model.fit(images, labels, {
    epochs,
    batchSize,
    shuffle: true,
    verbose: 0,
    yieldEvery: 'epoch',
    callbacks: {
      onEpochBegin: async () => void (began = performance.now()),
      onEpochEnd: async () => void rates.push((1000 * count) / (performance.now() - began))
    }
  })
  const [trainAccuracy] = history.history.acc.slice(-1)
  console.log(JSON.stringify({ rates: rates.slice(1), trainAccuracy }))
}

void main()
