import { describe, expect, test } from 'vitest'
import { readPickle } from '../../../src/core/format/pickle/read'
import { Dict, List, Span } from '../../../src/core/format/pickle/values'
import { errorFacts } from '../../../src/core/error'
import { arraysIn, arrayOf } from '../../../src/core/format/pickle/arrays'
import { nodeTools } from '../../../src/main/data/files/tools'
import { source } from './build'

const read = (text: string) => readPickle('a.pkl', pieces(Buffer.from(text, 'latin1')))

function* parts(bytes: Uint8Array): Generator<Uint8Array> {
  const size = bytes.length < 10_000 ? 3 : 65_536
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield* parts(bytes)
}

async function factsOf(text: string) {
  try {
    await read(text)
  } catch (thrown) {
    return errorFacts(thrown)
  }
  return { code: 'none', message: '' }
}

describe('the values of a pickle, as pickletools has the opcodes', () => {
  test.each([
    ['I12\n.', 12],
    ['I01\n.', true],
    ['I00\n.', false],
    ['L-123L\n.', -123],
    ['F1.5\n.', 1.5],
    ["S'a\\x41\\n\\101\\''\n.", "aA\nA'"],
    ['S"it\'s"\n.', "it's"],
    ['V\\u00e9\\U0001F600\n.', 'é😀'],
    ['J\xff\xff\xff\xff.', -1],
    ['M\x01\x02.', 513],
    ['K\xff.', 255],
    ['\x80\x02\x8a\x02\x00\x80.', -32768],
    ['\x80\x02\x8a\x00.', 0],
    ['\x8b\x01\x00\x00\x00\x07.', 7],
    ['G\x3f\xf8\x00\x00\x00\x00\x00\x00.', 1.5],
    ['N.', null],
    ['\x88.', true],
    ['\x89.', false],
    ['U\x02ab.', 'ab'],
    ['T\x02\x00\x00\x00ab.', 'ab'],
    ['C\x01\xff.', '\xff'],
    ['B\x01\x00\x00\x00\xff.', '\xff'],
    ['\x8e\x01\x00\x00\x00\x00\x00\x00\x00\xff.', '\xff'],
    ['\x96\x01\x00\x00\x00\x00\x00\x00\x00\xff.', '\xff'],
    ['\x8c\x02\xc3\xa9.', 'é'],
    ['X\x02\x00\x00\x00\xc3\xa9.', 'é'],
    ['\x8d\x02\x00\x00\x00\x00\x00\x00\x00\xc3\xa9.', 'é'],
    ['K\x01K\x020.', 1],
    ['K\x01(K\x02K\x031.', 1]
  ])('%j is %j', async (text, value) => {
    expect(await read(text)).toBe(value)
  })

  test.each([
    ['(K\x01K\x02l.', [1, 2]],
    ['(K\x01K\x02t.', [1, 2]],
    ['].', []],
    [').', []],
    [']K\x01a.', [1]],
    ['](K\x01K\x02e.', [1, 2]],
    ['K\x01\x85.', [1]],
    ['K\x01K\x02\x86.', [1, 2]],
    ['K\x01K\x02K\x03\x87.', [1, 2, 3]],
    ['K\x012\x86.', [1, 1]],
    ['K\x07q\x000h\x00h\x00\x86.', [7, 7]],
    ['K\x07r\x00\x01\x00\x000j\x00\x01\x00\x00\x85.', [7]],
    ['K\x07p3\n0g3\n\x85.', [7]],
    ['K\x07\x940h\x00\x85.', [7]]
  ])('%j is a list', async (text, items) => {
    expect(await read(text)).toEqual(new List(items))
  })

  test.each([
    '(U\x01aK\x01d.',
    '}U\x01aK\x01s.',
    '}(U\x01aK\x01u.',
    '\x95\0\0\0\0\0\0\0\0}(C\x01aK\x01u.'
  ])('%j is a dictionary', async (text) => {
    const value = (await read(text)) as Dict
    expect([...value.entries]).toEqual([['a', 1]])
  })

  test('bytes that are long are left where they lie', async () => {
    const value = await read(`\x80\x03B\x88\x13\x00\x00${'x'.repeat(5000)}.`)
    expect(value).toEqual(new Span(7, 5000, false))
  })
})

describe('what a pickle asks to be run is refused by its name', () => {
  test.each([
    ["cos\nsystem\n(S'echo'\ntR.", 'os.system'],
    ['cposix\nsystem\n.', 'posix.system'],
    ['c__builtin__\neval\n.', '__builtin__.eval'],
    ['\x80\x04\x8c\x08builtins\x8c\x04exec\x93.', 'builtins.exec'],
    ['cnumpy\nload\n.', 'numpy.load'],
    ['cnumpy.core.multiarray\n__class__\n.', 'numpy.core.multiarray.__class__'],
    ['c\n_reconstruct\n.', '._reconstruct'],
    ['ccopy_reg\n_reconstructor\n.', 'copy_reg._reconstructor'],
    ['(ios\nsystem\n.', 'INST'],
    ['(o.', 'OBJ'],
    ['N)\x81.', 'NEWOBJ'],
    ['Pid\n.', 'PERSID'],
    ['\x82\x01.', 'EXT1'],
    ['\x97.', 'NEXT_BUFFER'],
    ['K\x01)R.', 'a call of a value'],
    ['}Nb.', 'the state of an object'],
    ["cnumpy\ndtype\n(S'O8'\ntR.", 'an array of objects'],
    ["c_codecs\nencode\n(Va\nS'rot13'\ntR.", 'another codec'],
    ['cbuiltins\nbytearray\n(K\x09tR.', 'bytes made of something else']
  ])('%j', async (text, named) => {
    const facts = await factsOf(text)
    expect(facts.code).toBe('refused-pickle')
    expect(facts.message).toContain(named)
    expect(facts.message).toContain('numpy.savez')
  })
})

describe('a damaged pickle says what is wrong with it', () => {
  test.each([
    ['', 'truncated-file'],
    ['\x80\x02}', 'truncated-file'],
    ['B\xff\xff\xff\xffab', 'truncated-file'],
    ['\x8e\xff\xff\xff\xff\xff\xff\xff\xffab', 'truncated-file'],
    ["S'no end", 'truncated-file'],
    ['.', 'corrupt-pickle'],
    ['0.', 'corrupt-pickle'],
    ['t.', 'corrupt-pickle'],
    ['\xfe.', 'corrupt-pickle'],
    ['K\x01K\x02a.', 'corrupt-pickle'],
    ['K\x01(K\x02K\x02u.', 'corrupt-pickle'],
    ['}(K\x02u.', 'corrupt-pickle'],
    ['}]K\x01s.', 'corrupt-pickle'],
    ['h\x01.', 'corrupt-pickle'],
    ['Ix\n.', 'corrupt-pickle'],
    ['Lx\n.', 'corrupt-pickle'],
    ['Snone\n.', 'corrupt-pickle'],
    ['\x8b\xff\xff\xff\x7f.', 'corrupt-pickle'],
    ['cnumpy\nndarray\n)R.', 'corrupt-pickle'],
    ['cnumpy\ndtype\nK\x01R.', 'corrupt-pickle'],
    ['cnumpy\ndtype\n)R.', 'corrupt-pickle'],
    ['cnumpy.core.multiarray\nscalar\n)R.', 'corrupt-pickle'],
    ['cnumpy.core.multiarray\n_reconstruct\n)R)b.', 'corrupt-pickle'],
    ['cnumpy.core.numeric\n_frombuffer\n)R.', 'corrupt-pickle']
  ])('%j: %s', async (text, code) => {
    expect((await factsOf(text)).code).toBe(code)
  })

  test.each([']', '(', 'K\x01\x94', 'K\x012'])(
    '%j again and again ends at a limit',
    async (text) => {
      const many = pieces(Buffer.from(text.repeat(1000), 'latin1'))
      await expect(readPickle('a.pkl', many, 500)).rejects.toThrow('more than 500 values')
    }
  )

  test('a pickle without arrays says so', () => {
    const work = () => arraysIn('a.pkl', new Dict())
    expect(work).toThrow('there are no arrays in it')
  })

  test('an array whose bytes are not what its shape says is refused', async () => {
    const state = "(K\x01(K\x02K\x03tcnumpy\ndtype\n(S'u1'\ntR(K\x03S'|'\nNNNtb\x89C\x05abcdetb"
    const value = await read(`cnumpy.core.multiarray\n_reconstruct\n)R${state}.`)
    const { named } = arraysIn('a.pkl', value)
    const open = () =>
      arrayOf(
        source('a.pkl', new Uint8Array(0)),
        named.get('x') as never,
        nodeTools,
        () => undefined
      )
    expect(open).toThrow('ends too early')
  })
})
