// The scripts run before anything is installed, so they are plain JavaScript without declarations.
declare module '*.mjs'
