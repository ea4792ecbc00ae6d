// What the pages take from Apache ECharts, and nothing else: a map out of a drawing, with zoom, and a drawing surface.
import { init, registerMap, use } from "echarts/core";
import { GeoComponent, TooltipComponent } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";

use([GeoComponent, TooltipComponent, CanvasRenderer]);

export { init, registerMap };
