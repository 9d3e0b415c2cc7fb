import type { Activations } from '../../../contract/engine'
import { activationOf } from '../../../core/network/activations'
import type { ActivationId } from '../../../core/network/activations'
import { choiceRecord } from '../../../core/preprocessing/choices'
import type { ChoiceId } from '../../../core/preprocessing/preprocessing'

/** Saturation of one network: rows are epochs, columns units, most saturated first. */
export interface MapCell {
  readonly choice: ChoiceId
  readonly name: string
  /** rows that there are, in order */
  readonly epochs: readonly number[]
  readonly units: number
  /** in [0, 1], row by row: epochs.length x units */
  readonly values: ArrayLike<number>
  readonly runId: string | undefined
  readonly summary: string
}

export interface MapRow {
  readonly activation: ActivationId
  readonly name: string
  readonly cells: readonly MapCell[]
}

/** All heat-maps of the card: a row per activation, a column per choice. */
export interface SaturationMap {
  readonly rows: readonly MapRow[]
  /** epochs that have a row of their own, 0 included; those not reached yet stay empty */
  readonly epochs: number
}

/** @param plannedEpochs epochs that a training would have: the map keeps their place */
export function saturationMap(
  heatmaps: Activations['heatmaps'],
  plannedEpochs: number
): SaturationMap {
  let last = 0
  const rows = heatmaps.map(({ activation, cells }) => ({
    activation,
    name: activationOf(activation).name,
    cells: cells.flatMap(({ choice, figure, runId }): MapCell[] => {
      const mark = figure.marks.find((one) => one.kind === 'cells')
      if (mark?.kind !== 'cells') return []
      const epochs = Array.from({ length: mark.yEdges.length - 1 }, (_, row) =>
        Math.round((mark.yEdges[row] ?? 0) + 0.5)
      )
      last = Math.max(last, ...epochs)
      return [
        {
          choice: choice.id,
          name: choiceRecord(choice.id).name,
          epochs,
          units: mark.xEdges.length - 1,
          values: mark.values,
          runId,
          summary: figure.summary
        }
      ]
    })
  }))
  return { rows, epochs: Math.max(last, plannedEpochs) + 1 }
}

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface PlacedCell {
  readonly row: MapRow
  readonly cell: MapCell
  readonly box: Box
  /** the first row of a block carries the names of the choices, the last the axis title */
  readonly first: boolean
  readonly last: boolean
  /** leftmost: carries the name of the activation */
  readonly leading: boolean
}

export interface MapLayout {
  readonly width: number
  readonly height: number
  readonly cells: readonly PlacedCell[]
  /** the colour scale */
  readonly legend: Box
}

const LEFT = 92
const GAP = 30
const RIGHT = 68
const HEAD = 22
const MAP_HEIGHT = 112
const BETWEEN = 14
const FOOT = 24
const LEAST_WIDTH = 150

/** Where the maps lie, in CSS pixels; choices that do not fit side by side go into further blocks. */
export function layoutMap(map: SaturationMap, width: number): MapLayout {
  const choices = map.rows[0]?.cells.length ?? 0
  const room = Math.max(LEAST_WIDTH, width - LEFT - RIGHT)
  const columns = Math.max(1, Math.min(choices, Math.floor((room + GAP) / (LEAST_WIDTH + GAP))))
  const cellWidth = Math.floor((room - (columns - 1) * GAP) / columns)
  const blockHeight =
    HEAD + map.rows.length * MAP_HEIGHT + Math.max(0, map.rows.length - 1) * BETWEEN + FOOT
  const blocks = Math.ceil(choices / columns)
  const cells = map.rows.flatMap((row, rowAt) =>
    row.cells.map((cell, at): PlacedCell => {
      const column = at % columns
      const top = Math.floor(at / columns) * (blockHeight + BETWEEN)
      return {
        row,
        cell,
        box: {
          x: LEFT + column * (cellWidth + GAP),
          y: top + HEAD + rowAt * (MAP_HEIGHT + BETWEEN),
          width: cellWidth,
          height: MAP_HEIGHT
        },
        first: rowAt === 0,
        last: rowAt === map.rows.length - 1,
        leading: column === 0
      }
    })
  )
  return {
    width,
    height: Math.max(0, blocks * (blockHeight + BETWEEN) - BETWEEN),
    cells,
    legend: { x: width - RIGHT + 14, y: HEAD + 6, width: 10, height: 92 }
  }
}

export interface MapHit {
  readonly placed: PlacedCell
  readonly epoch: number
  /** place in the order of saturation, from 1 */
  readonly rank: number
  /** undefined where the epoch has not been reached */
  readonly value: number | undefined
}

/** What lies under a point of the map. */
export function hitMap(
  map: SaturationMap,
  layout: MapLayout,
  x: number,
  y: number
): MapHit | undefined {
  const placed = layout.cells.find(
    ({ box }) => x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height
  )
  if (placed === undefined) return undefined
  const { box, cell } = placed
  const epoch = Math.floor(((y - box.y) / box.height) * map.epochs)
  const unit = Math.floor(((x - box.x) / box.width) * cell.units)
  const row = cell.epochs.indexOf(epoch)
  return {
    placed,
    epoch,
    rank: unit + 1,
    value: row < 0 ? undefined : cell.values[row * cell.units + unit]
  }
}

/** Every cell: activation, choice, epoch, place of the unit in the order of saturation, share. */
export function mapCsv(map: SaturationMap): string {
  const lines = ['activation,choice,epoch,unit_rank,saturated_share']
  for (const { activation, cells } of map.rows) {
    for (const { choice, epochs, units, values } of cells) {
      epochs.forEach((epoch, row) => {
        for (let unit = 0; unit < units; unit++) {
          lines.push([activation, choice, epoch, unit + 1, values[row * units + unit]].join(','))
        }
      })
    }
  }
  return lines.join('\r\n') + '\r\n'
}
