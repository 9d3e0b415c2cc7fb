// Runs before the product's own sandboxed preload and gives it webUtils, which Electron 22 lacks.
const electron = require('electron')

if (!electron.webUtils) electron.webUtils = { getPathForFile: (file) => file.path }
