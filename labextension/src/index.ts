import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';

const plugin: JupyterFrontEndPlugin<void> = {
  id: 'mlee-jupyter:plugin',
  description: 'The panel, the clock and the badges of mlee_jupyter.',
  autoStart: true,
  activate: (_: JupyterFrontEnd) => {
    document.body.dataset.mlee = 'ready';
  }
};
export default plugin;
