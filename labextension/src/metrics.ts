/** What the start form offers. Written by docs/metric_lists.py: do not edit. */
export const METRICS = [
  'accuracy',
  'balanced_accuracy',
  'f1',
  'roc_auc',
  'average_precision',
  'neg_log_loss',
  'neg_mean_absolute_error',
  'neg_root_mean_squared_error',
  'r2'
];
