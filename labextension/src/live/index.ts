/** The live scoreboard as anywidget's module; it is bundled into one file beside the widget. */

import '../../style/scoreboard.css';
import { LiveModel } from './model.js';
import { BoardWindow } from './view.js';

export default {
  render({ model, el: holder }: { model: LiveModel; el: HTMLElement }): () => void {
    const shown = new BoardWindow(model, holder);
    return () => shown.dispose();
  }
};
