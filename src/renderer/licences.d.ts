/** What the app is made of, and under which licences; the build derives it from package-lock.json. */
declare const LICENCES: readonly {
  readonly name: string
  readonly version: string
  readonly licence: string
}[]
