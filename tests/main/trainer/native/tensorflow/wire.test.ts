import { networkPlan } from '../../../../../src/core/network/layers/plan'
import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../../../src/core/network/config'
import { buildProgram } from '../../../../../src/main/trainer/native/program'
import {
  entry,
  float,
  message,
  string,
  varint,
  whole
} from '../../../../../src/main/trainer/native/tensorflow/wire'

describe('the wire format, by the examples of its documentation', () => {
  test('150 is 96 01', () => {
    expect([...varint(150)]).toEqual([0x96, 0x01])
  })
  test('field 1 with the number 150 is 08 96 01', () => {
    expect([...whole(1, 150)]).toEqual([0x08, 0x96, 0x01])
  })
  test('field 2 with the text "testing" is 12 07 and its letters', () => {
    expect([...string(2, 'testing')]).toEqual([
      0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67
    ])
  })
  test('field 3 with a message whose field 1 is 150 is 1a 03 08 96 01', () => {
    expect([...message(3, [whole(1, 150)])]).toEqual([0x1a, 0x03, 0x08, 0x96, 0x01])
  })
  test('-2 takes ten bytes', () => {
    expect([...varint(-2)]).toEqual([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01])
  })
  test('a float is its four bytes, least first, after a tag of type 5', () => {
    // 1.5 is 0x3fc00000; field 4 of wire type 5 is 4 x 8 + 5 = 0x25
    expect([...float(4, 1.5)]).toEqual([0x25, 0x00, 0x00, 0xc0, 0x3f])
  })
  test('an entry of a map is a message of key 1 and value 2', () => {
    // field 5: 2a; key "T": 0a 01 54; value a message of field 6, number 1: 12 02 30 01
    expect([...entry(5, 'T', [whole(6, 1)])]).toEqual([
      0x2a, 0x07, 0x0a, 0x01, 0x54, 0x12, 0x02, 0x30, 0x01
    ])
  })
  test('a fraction is refused', () => {
    expect(() => varint(1.5)).toThrow('1.5')
  })
})

test('another reader of protocol buffers finds in the model what was written', () => {
  const messages = createRequire(import.meta.url)('@tensorflow/tfjs-node/dist/proto/api_pb.js') as {
    SavedModel: { deserializeBinary(bytes: Uint8Array): SavedModelMessage }
  }
  const { bytes } = buildProgram({
    own: false,
    config: TUTORIAL_CONFIG,
    plan: networkPlan(TUTORIAL_CONFIG, [28, 28, 1], 10)
  })
  const graph = messages.SavedModel.deserializeBinary(bytes).getMetaGraphsList()[0]!.getGraphDef()
  const nodes = graph.getNodeList()
  const enter = nodes.filter((node) => node.getOp() === 'Enter')
  expect(enter.length).toBeGreaterThan(5)
  for (const node of enter) {
    expect(node.getInputList()).toHaveLength(1)
    expect(node.getAttrMap().get('parallel_iterations').getI()).toBe(1)
  }
  expect(nodes.map((node) => node.getName())).toContain('steps_loss_high')
})

interface SavedModelMessage {
  getMetaGraphsList(): {
    getGraphDef(): {
      getNodeList(): {
        getName(): string
        getOp(): string
        getInputList(): string[]
        getAttrMap(): { get(key: string): { getI(): number } }
      }[]
    }
  }[]
}
