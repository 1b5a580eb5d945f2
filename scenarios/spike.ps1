& (Join-Path $PSScriptRoot 'run.ps1') spike @args; exit $LASTEXITCODE
