import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const UNSAID =
  ':matches(Literal[value=/^[A-Z][a-z]+[ ….].*/], TemplateElement[value.raw=/^[A-Z][a-z]+ .*/])' +
  ":not(CallExpression[callee.name='say'] > .arguments):not(CallExpression[callee.property.name='say'] > .arguments)";

export default defineConfig(
  globalIgnores(['lib/', 'test-build/', 'types/', 'src/made/', 'style/', '**/*.js', '**/*.mjs']),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { project: ['tsconfig.json', 'tsconfig.test.json'] } },
    rules: {
      'max-lines': ['error', 200],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/unbound-method': 'off' // Lumino's signal.connect(method, this) binds it
    }
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: UNSAID, message: 'What a user reads goes through say(), the translator.' }
      ],
      'no-restricted-properties': ['error', { property: 'innerHTML', message: 'Texts are text nodes: el().' }]
    }
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': 'off', // node's runner waits for its tests itself
      '@typescript-eslint/no-non-null-assertion': 'off'
    }
  }
);
