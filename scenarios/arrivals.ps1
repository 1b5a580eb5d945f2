& (Join-Path $PSScriptRoot 'run.ps1') arrivals @args; exit $LASTEXITCODE
