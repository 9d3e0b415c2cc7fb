// A window with one word in it: what Electron itself takes to start.
const { app, BrowserWindow } = require('electron')
const { join } = require('node:path')

let window
void app.whenReady().then(() => {
  window = new BrowserWindow()
  return window.loadFile(join(__dirname, 'index.html'))
})
