import { COMMANDS } from './commands'
import { interruptSignal } from './interrupt'
import { INTERRUPTED } from './output'
import { runProgram } from './program'

const signal = interruptSignal(() => process.exit(INTERRUPTED))

void runProgram(process.argv.slice(2), {
  commands: COMMANDS,
  signal,
  programFolder: __dirname
}).then((code) => {
  process.exitCode = code
  // Output is flushed when the loop is empty; a leftover handle must not keep the shell waiting.
  process.stdout.write('', () => process.exit(code))
})
