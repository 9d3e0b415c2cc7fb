// What Electron 22 lacks of the present interface and Normscope uses: protocol.handle with the
// fetch classes it speaks, a clipboard of items, and webUtils for the preload (see preload.js).
const path = require('node:path')
const electron = require('electron')
const { app, clipboard, nativeImage, protocol, session } = electron

/** Case-insensitive header map, the part of the fetch standard's Headers that replies need. */
class HeaderMap {
  #values = new Map()

  constructor(init) {
    const entries = init?.entries ? init.entries() : Object.entries(init ?? {})
    for (const [name, value] of entries) this.set(name, value)
  }
  get(name) {
    return this.#values.get(String(name).toLowerCase()) ?? null
  }
  has(name) {
    return this.#values.has(String(name).toLowerCase())
  }
  set(name, value) {
    this.#values.set(String(name).toLowerCase(), String(value))
  }
  append(name, value) {
    this.set(name, this.has(name) ? `${this.get(name)}, ${value}` : value)
  }
  delete(name) {
    this.#values.delete(String(name).toLowerCase())
  }
  forEach(visit) {
    this.#values.forEach((value, name) => visit(value, name, this))
  }
  entries() {
    return this.#values.entries()
  }
  [Symbol.iterator]() {
    return this.entries()
  }
}

/** A reply: the body is a string, a Buffer or a typed array; streams are not supported. */
class Reply {
  constructor(body, { status = 200, statusText = '', headers } = {}) {
    Object.assign(this, { body, status, statusText, headers: new globalThis.Headers(headers) })
  }
  get ok() {
    return this.status >= 200 && this.status < 300
  }
}

class Ask {
  constructor(url, { method = 'GET', headers } = {}) {
    Object.assign(this, { url: String(url), method, headers: new globalThis.Headers(headers) })
  }
}

globalThis.Headers ??= HeaderMap
globalThis.Response ??= Reply
globalThis.Request ??= Ask

protocol.handle ??= (scheme, handler) => {
  protocol.registerBufferProtocol(scheme, async (asked, answer) => {
    try {
      const { url, method, headers } = asked
      const reply = await handler(new Request(url, { method, headers }))
      const replyHeaders = Object.fromEntries(reply.headers.entries())
      answer({
        statusCode: reply.status,
        headers: replyHeaders,
        mimeType: replyHeaders['content-type']?.split(';')[0],
        data: reply.body == null ? Buffer.alloc(0) : Buffer.from(reply.body)
      })
    } catch (error) {
      console.error(error)
      answer({ error: -2 })
    }
  })
}
protocol.unhandle ??= (scheme) => protocol.unregisterProtocol(scheme)
protocol.isProtocolHandled ??= (scheme) => protocol.isProtocolRegistered(scheme)

electron.ClipboardItem ??= class {
  constructor(items) {
    this.items = items
  }
}
clipboard.write = async ([{ items }]) => {
  const bytes = Buffer.from(await items['image/png'].arrayBuffer())
  clipboard.writeImage(nativeImage.createFromBuffer(bytes))
}

app.whenReady().then(() => {
  session.defaultSession.setPreloads([path.join(__dirname, 'preload.js')])
})
