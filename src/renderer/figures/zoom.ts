import { Chart } from 'chart.js'
import type { Scale } from 'chart.js'
import zoomPlugin from 'chartjs-plugin-zoom'

type Limits = Record<string, unknown>

/** Registers zooming, on symlog axes by what is seen and not by value. */
export function registerZoom(): void {
  Chart.register(zoomPlugin)
  const { zoomFunctions, zoomRectFunctions } = zoomPlugin as unknown as {
    zoomFunctions: Record<string, unknown>
    zoomRectFunctions: {
      default: (scale: Scale, from: number, to: number, limits: Limits) => boolean
    }
  }
  zoomFunctions.symlog = (
    scale: Scale,
    zoom: number,
    { x }: { x: number },
    limits: Limits
  ): boolean => {
    const { left, right } = scale
    const [from, to] = [x - (x - left) * (2 - zoom), x + (right - x) * (2 - zoom)]
    return zoomRectFunctions.default(scale, from, to, limits)
  }
}
