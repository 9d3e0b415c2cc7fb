import js from '@eslint/js'
import { defineConfig } from 'eslint/config'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import typescript from 'typescript-eslint'
import svelteConfig from './svelte.config.js'

/** House rules: readable on first sight, and no promise left alone by accident. */
const house = {
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-console': 'error',
  'no-var': 'error',
  'prefer-const': 'error',
  'object-shorthand': 'error',
  'no-param-reassign': 'error',
  'no-restricted-syntax': [
    'error',
    { selector: 'TSEnumDeclaration', message: 'Use a union of strings.' },
    { selector: 'ExportDefaultDeclaration', message: 'Export by name.' }
  ],
  'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'], location: 'start' }],
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-non-null-assertion': 'off',
  '@typescript-eslint/consistent-type-imports': 'error'
}

/** A name that begins with _ says that it is not used. */
const underscore = {
  argsIgnorePattern: '^_',
  varsIgnorePattern: '^_',
  caughtErrorsIgnorePattern: '^_'
}

/** Clocks and dice are passed in, so that a run can be repeated and a test can be exact. */
const pure = {
  'no-restricted-properties': [
    'error',
    { object: 'Math', property: 'random', message: 'Pass a seeded generator in.' },
    { object: 'Date', property: 'now', message: 'Pass the clock in.' },
    { object: 'performance', property: 'now', message: 'Pass the clock in.' }
  ],
  'no-restricted-globals': ['error', 'process', 'Buffer', 'window', 'document', 'fetch']
}

/** What the window may not import, in any form. */
const webPage = {
  patterns: [
    {
      regex: '^node:|^electron$|^@tensorflow/|^@napi-rs/|^ws$|(^|/)(main|preload)/',
      message: 'The window has no Node and reaches the engine only through the contract.'
    }
  ]
}

export default defineConfig(
  { ignores: ['src/wasm/', 'node_modules/', '.svelte-check/', 'out/', 'dist/', 'coverage/'] },
  js.configs.recommended,
  ...typescript.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.node } }
  },
  {
    files: ['**/*.cjs', 'scripts/electron-host/*.js'],
    languageOptions: { sourceType: 'commonjs' }
  },
  {
    files: ['scripts/electron-host/*.js', '**/*.cjs'],
    rules: { '@typescript-eslint/no-require-imports': 'off' }
  },
  // eslint-plugin-svelte turns this on for all files; it fails in ESLint 10 and says nothing here.
  { rules: { 'svelte/no-inner-declarations': 'off' } },
  {
    files: ['**/*.{ts,svelte}'],
    rules: { '@typescript-eslint/no-unused-vars': ['error', underscore] }
  },
  { files: ['src/**/*.{ts,svelte}'], rules: house },
  {
    files: ['src/renderer/**', 'tests/renderer/**', 'src/preload/**', 'src/chart/**'],
    languageOptions: { globals: { ...globals.browser } }
  },
  { files: ['src/core/**/*.ts', 'src/contract/**/*.ts'], rules: pure },
  // The command line and the shells speak on the console by purpose.
  { files: ['src/main/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: { parser: typescript.parser, extraFileExtensions: ['.svelte'], svelteConfig }
    },
    // The compiler and the type check know what is defined.
    rules: {
      'no-undef': 'off',
      'prefer-const': 'off',
      'svelte/prefer-const': 'error',
      // Maps lie in $state.raw and are replaced whole; svelte-check knows which ignores are needed.
      'svelte/prefer-svelte-reactivity': 'off',
      'svelte/no-unused-svelte-ignore': 'off'
    }
  },
  // dependency-cruiser sees components compiled, without their type imports: these are seen here.
  { files: ['src/renderer/**'], rules: { 'no-restricted-imports': ['error', webPage] } },
  { files: ['**/*.ts'], rules: { 'no-undef': 'off' } }
)
