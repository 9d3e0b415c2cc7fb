import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bindSymbols, namesDefinedIn } from '../../scripts/setup/bound-symbols.mjs'

/** Refers to its own functions, tables and virtual functions, to one of another name than C++'s, and to std. */
const SOURCE = `
#include <functional>
#include <node_api.h>
#include <stdexcept>
#include <string>

namespace own {
int one() { return 1; }
int two() { return 2; }
extern int (*const table[2])();
int (*const table[2])() = {one, two};
struct Shape { virtual int sides() { return 3; } virtual ~Shape() {} };
struct Square : Shape { int sides() override { return 4; } };
int shared = 5;
inline int& counted() { static int count = 6; return count; }
}  // namespace own
namespace tensorflow {
inline std::function<int()> kernel() { return [] { return 7; }; }
}
extern "C" int c_name() { return 8; }
int (*volatile of_c)() = c_name;

static std::string said() {
  own::Shape* shape = new own::Square;
  std::string text;
  for (auto number : own::table) text += std::to_string(number());
  text += std::to_string(shape->sides()) + std::to_string(own::shared) + std::to_string(of_c());
  text += std::to_string(own::counted()) + std::to_string(tensorflow::kernel()());
  try { throw std::runtime_error(" thrown"); } catch (const std::exception& error) { text += error.what(); }
  return text + (dynamic_cast<own::Square*>(shape) ? " square" : "");
}

NAPI_MODULE_INIT() {
  napi_value value;
  const std::string text = said();
  napi_create_string_utf8(env, text.c_str(), text.size(), &value);
  return value;
}
`

const onLinux = process.platform === 'linux' && process.arch === 'x64'

describe.runIf(onLinux)('a library with bound symbols', () => {
  let folder: string
  let library: string
  let bound: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'normscope-test-'))
    const source = join(folder, 'library.cc')
    writeFileSync(source, SOURCE)
    library = join(folder, 'library.node')
    const headers = join(process.cwd(), 'node_modules', 'node-api-headers', 'include')
    // as clang, which makes nothing unique to a process
    const flags = ['-shared', '-fPIC', '-O0', '-fno-gnu-unique']
    execFileSync('g++', [...flags, '-I', headers, '-o', library, source])
    bound = join(folder, 'bound.node')
    copyFileSync(library, bound)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  /** in a process of its own */
  const says = (path: string) =>
    execFileSync(process.execPath, ['-p', `require(${JSON.stringify(path)})`], { encoding: 'utf8' })

  /** names that the loader looks up for values, not for calls */
  const lookedUp = (path: string) =>
    execFileSync('readelf', ['-rW', path], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => /R_X86_64_(64|GLOB_DAT)/.test(line))

  it('does what it did', () => {
    const { bound: count } = bindSymbols(bound) as { bound: number }
    expect(count).toBeGreaterThan(5)
    expect(says(bound)).toBe('1245867 thrown square\n')
    expect(says(bound)).toBe(says(library))
  })

  it('has its own C++ names looked up no more, and all others still', () => {
    const own = (line: string) => /\b_Z\w*(3own|10tensorflow)/.test(line)
    expect(lookedUp(library).filter(own).length).toBeGreaterThan(5)
    expect(lookedUp(bound).filter(own)).toEqual([])
    const others = (path: string) => lookedUp(path).filter((line) => !own(line)).length
    expect(others(bound)).toBe(others(library))
  })

  it('has what a library before it has too looked up still', () => {
    const shared = '_ZN3own6sharedE'
    const names = namesDefinedIn(library) as Set<string>
    expect([shared, 'c_name', 'napi_create_string_utf8'].filter((name) => names.has(name))).toEqual(
      [shared, 'c_name']
    )
    const behind = join(folder, 'behind.node')
    copyFileSync(library, behind)
    bindSymbols(behind, new Set([shared]))
    expect(lookedUp(behind).filter((line) => /N3own/.test(line))).toEqual([
      expect.stringContaining('_ZN3own6sharedE')
    ])
    expect(says(behind)).toBe(says(library))
  })

  it('is not changed when it is bound again', () => {
    expect(bindSymbols(bound)).toMatchObject({ bound: 0 })
  })

  it('that is something else is refused', () => {
    const other = join(folder, 'library.cc')
    expect(() => bindSymbols(other) as unknown).toThrow('no library for Linux')
  })
})
