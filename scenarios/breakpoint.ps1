& (Join-Path $PSScriptRoot 'run.ps1') breakpoint @args; exit $LASTEXITCODE
