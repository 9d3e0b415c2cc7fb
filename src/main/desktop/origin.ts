/** The window's address; a scheme of its own, so that it has an origin and no file access. */
export const WINDOW_ORIGIN = 'app://normscope'
