// The app folder of an old Electron (22) that stands in where the pinned one cannot be had: it adds
// what the old one lacks and then hands over to the product given on the command line, or to
// `product.asar` beside it. For trying and for tests; never shipped.
const fs = require('node:fs')
const Module = require('node:module')
const path = require('node:path')
const { app } = require('electron')

require('./shim.js')

const packed = path.join(process.resourcesPath, 'product.asar')
const isPacked = fs.existsSync(packed)
const position = process.argv.findIndex((argument, index) => index > 0 && !argument.startsWith('-'))

if (!isPacked && position < 0) {
  console.error('usage: electron [switches] APP_FOLDER [arguments]')
  app.exit(2)
} else {
  load(isPacked ? packed : path.resolve(process.argv[position]))
}

/** Makes `folder` the running app, as Electron's own default app does, and runs its main file. */
function load(folder) {
  const product = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'))
  app.setAppPath(folder)
  app.setName(product.productName || product.name)
  app.setVersion?.(product.version)
  if (!process.argv.some((argument) => argument.startsWith('--user-data-dir'))) {
    app.setPath('userData', path.join(app.getPath('appData'), product.name))
  }
  if (!isPacked) {
    process.argv = [process.argv[0], folder, ...process.argv.slice(position + 1)]
    process.defaultApp = true
  }
  Module._load(path.resolve(folder, product.main || 'index.js'), Module, true)
}
