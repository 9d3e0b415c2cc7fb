import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** A program that was built beside this one; the bundler may have put this code a folder below them. */
export function builtProgram(file: string): string {
  const given = process.env.NORMSCOPE_PROGRAM_FOLDER
  const folders = [
    ...(given === undefined ? [] : [given]),
    __dirname,
    join(__dirname, '..'),
    join(__dirname, '../../../out/main')
  ]
  const programs = folders.map((folder) => join(folder, file))
  return programs.find((path) => existsSync(path)) ?? programs[0]!
}
