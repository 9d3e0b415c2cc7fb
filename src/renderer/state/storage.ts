/** Small values kept between starts; a browser that refuses storage only forgets. */
export interface Store {
  read(key: string): unknown
  write(key: string, value: unknown): void
}

const PREFIX = 'normscope.'

export function browserStore(storage: Storage | undefined): Store {
  return {
    read(key) {
      try {
        const text = storage?.getItem(PREFIX + key)
        return text == null ? undefined : (JSON.parse(text) as unknown)
      } catch {
        return undefined
      }
    },
    write(key, value) {
      try {
        storage?.setItem(PREFIX + key, JSON.stringify(value))
      } catch {
        // a full or forbidden storage: the value lives until the window closes
      }
    }
  }
}
