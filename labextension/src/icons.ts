import { LabIcon } from '@jupyterlab/ui-components';

const STOPWATCH = `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
<path class="jp-icon3 jp-icon-selectable" fill="#616161" d="M9 1h6v2h-2v2.06a8 8 0 0 1 4.9 2.03l1.4-1.4 1.41 1.42-1.4 1.4A8 8 0 1 1 11 5.06V3H9V1zm3 6a6 6 0 1 0 0 12 6 6 0 0 0 0-12zm-1 2h2v5h-2V9z"/></svg>`;
const PACKAGE = `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
<path class="jp-icon3 jp-icon-selectable" fill="#616161" d="M12 2l9 5v10l-9 5-9-5V7l9-5zm0 2.3L6.1 7.6 12 10.9l5.9-3.3L12 4.3zM5 9.3v6.5l6 3.4v-6.5L5 9.3zm14 0l-6 3.4v6.5l6-3.4V9.3z"/></svg>`;

export const stopwatchIcon = new LabIcon({ name: 'mlee:stopwatch', svgstr: STOPWATCH });
export const packageIcon = new LabIcon({ name: 'mlee:package', svgstr: PACKAGE });
